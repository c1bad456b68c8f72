import { completeCommand } from './options.ts';

/**
 * Completion scripts, by shell. Each hands the words up to the cursor to the program itself, which knows its commands,
 * flags, rules and the keys of the manifest on the line; `:files` asks for the shell's own completion of file names.
 */
export const completionScripts = {
  // Bash breaks words at `:` and `@`, which keys hold: the line is split again at spaces, and what bash takes for
  // finished is cut off from each candidate.
  bash: `# shotlist completion for bash. In ~/.bashrc: eval "$(shotlist completion bash)"
_shotlist() {
  local line="\${COMP_LINE:0:COMP_POINT}" words cur lead
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  cur="\${words[\${#words[@]} - 1]}"
  lead="\${COMP_WORDS[COMP_CWORD]}"
  [[ $lead == [:@=] ]] && lead=""
  lead="\${cur%"$lead"}"
  COMPREPLY=()
  local value rest
  while IFS=$'\\t' read -r value rest; do
    if [[ $value == ":files" ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "$cur")
      return
    fi
    COMPREPLY+=("\${value#"$lead"}")
  done < <("\${words[0]}" ${completeCommand} "\${words[@]:1}" 2>/dev/null)
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
      _files
      return
    fi
    values+=("$value")
    shown+=("$value\${summary:+  -- $summary}")
  done < <("\${words[1]}" ${completeCommand} "\${(@)words[2,CURRENT]}" 2>/dev/null)
  compadd -l -d shown -a values
}
compdef _shotlist shotlist
`,
  fish: `# shotlist completion for fish. Once: shotlist completion fish > ~/.config/fish/completions/shotlist.fish
function __shotlist_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l offered (command $words[1] ${completeCommand} $words[2..-1] "$current" 2>/dev/null)
    if test "$offered[1]" = ":files"
        __fish_complete_path "$current"
    else
        printf '%s\\n' $offered
    end
end
complete -c shotlist -f -a '(__shotlist_complete)'
`,
} as const;
