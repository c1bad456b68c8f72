/** A storyboard in which things are written in every way that YAML has. */
export const styles = `# A storyboard.
version: 1
project: styles # the name
vars: { look: "35mm, rain", list: [https://a.example.com/1.png, https://a.example.com/2.png] }
assets:
  hero: https://a.example.com/hero.png
defaults:
  model: videos
  duration: 5 # seconds

include: [act.yaml]

scenes:
  # The first scene.
  - id: sc1
    title: 'It''s one'
    defaults: { ratio: "21:9", tags: [night] }
    shots:
      # Before a.
      - id: a
        title:
        prompt: >- # folded
          A long walk through the rain at night, the camera gliding beside, neon reflected in
          the puddles, slowly, \${vars.look}

          and then the sun
        # Before the duration of a.
        duration: 6   # six
        referenceImages:
          # Two of them.
          - https://a.example.com/1.png # one
          - \${assets.hero}
        # The end of a.

      - title: "second, with id below"
        id: b
        prompt: |
          line one
            line two

        takes: 2
      - { id: c, prompt: "in a flow map", duration: 7, x-lens: 35 }
      - id: d
        prompt: &shared shared words
        skip: true # by hand
      - id: e
        prompt: *shared
        extra: { seed: 42 }
        variants:
          wide: {}
          tall: { ratio: "9:16" }
        x-plan:
          nested: [1, 2]
  - id: sc2
    shots: [{ id: a, prompt: flow, title: one }, { id: b, prompt: "two" }]
  - id: sc3
    shots: []
x-note: the end
`;

export const act = `# A fragment.\r
scenes:\r
  - id: sc9\r
    shots:\r
      - id: "0010"\r
        prompt: windows line ends\r
        # last words\r
shots:\r
- id: card\r
  prompt: 'no indentation'\r
  tags: [a, "b, c"]\r
`;
