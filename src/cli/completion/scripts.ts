import { completeCommand } from '../options.ts';

/**
 * Completion scripts, by shell. Each hands the words up to the cursor to the program itself, which knows its commands,
 * flags, rules and the keys of the manifest on the line; `:files` asks for the shell's own completion of file names.
 */
export const completionScripts = {
  // Bash hands words over in quotes, and breaks them at `:`, `@` and `=`, which keys and flags hold. So the line is read
  // again as the shell reads it, and what readline takes for finished, `lead`, is cut off from each candidate.
  bash: `# shotlist completion for bash. In ~/.bashrc: eval "$(shotlist completion bash)"
_shotlist() {
  local line="\${COMP_LINE:0:COMP_POINT}" words=() cur="" lead="" quote="" started="" char next i
  local escapable='"$\`\\' special=$' \\t\\n"\\'\\\\$&;|<>()*?!#\`'
  for ((i = 0; i < \${#line}; i++)); do
    char="\${line:i:1}" next="\${line:i+1:1}"
    if [[ -n $quote ]]; then
      if [[ $char == "$quote" ]]; then
        quote="" lead="$cur"
      elif [[ $quote == '"' && $char == "\\\\" && -n $next && $escapable == *"$next"* ]]; then
        cur+="$next"
        ((++i))
      else
        cur+="$char"
      fi
    elif [[ $char == "\\\\" ]]; then
      cur+="$next" started=1
      ((++i))
    elif [[ $char == "'" || $char == '"' ]]; then
      quote="$char" lead="$cur" started=1
    elif [[ $char == [[:space:]] ]]; then
      [[ -z $started ]] || words+=("$cur")
      cur="" lead="" started=""
    else
      [[ -n $started || $char$next != "~/" ]] || char="$HOME"
      cur+="$char" started=1
      [[ $COMP_WORDBREAKS != *"$char"* ]] || lead="$cur"
    fi
  done
  COMPREPLY=()
  local value rest
  while IFS=$'\\t' read -r value rest; do
    if [[ $value == ":files" ]]; then
      # Readline's own completion of files; older versions of bash have no compopt.
      compopt -o default 2>/dev/null && return
      while IFS= read -r value; do COMPREPLY+=("\${value#"$lead"}"); done < <(compgen -f -- "$cur")
      return
    fi
    value="\${value#"$lead"}"
    [[ -n $quote || $value != *["$special"]* ]] || printf -v value %q "$value"
    COMPREPLY+=("$value")
  done < <("\${words[0]}" ${completeCommand} "\${words[@]:1}" "$cur" 2>/dev/null)
}
complete -F _shotlist shotlist
`,
  zsh: `#compdef shotlist
# shotlist completion for zsh. In ~/.zshrc, after compinit: eval "$(shotlist completion zsh)"
_shotlist() {
  local -a values shown
  local value summary
  while IFS=$'\\t' read -r value summary; do
    if [[ $value == ":files" ]]; then
      compset -P '--*='
      _files
      return
    fi
    values+=("$value")
    shown+=("$value\${summary:+  -- $summary}")
  done < <("\${words[1]}" ${completeCommand} "\${(@)\${(@Q)words[2,CURRENT-1]}/#\\~\\//$HOME/}" "\${(Q)PREFIX}" 2>/dev/null)
  compadd -l -d shown -a values
}
compdef _shotlist shotlist
`,
  fish: `# shotlist completion for fish. Once: shotlist completion fish > ~/.config/fish/completions/shotlist.fish
function __shotlist_complete
    set -l words (commandline -opc)
    set -l current (string trim --left --chars '"\\'' -- (commandline -ct))
    set -l offered (command $words[1] ${completeCommand} $words[2..-1] "$current" 2>/dev/null)
    if test "$offered[1]" = ":files"
        set -l flag (string match -r -- '^--[^=]+=' "$current")
        for path in (__fish_complete_path (string replace -- "$flag" '' "$current"))
            printf '%s\\n' "$flag$path"
        end
    else
        printf '%s\\n' $offered
    end
end
complete -c shotlist -f -a '(__shotlist_complete)'
`,
} as const;
