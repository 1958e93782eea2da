import assert from 'node:assert/strict';
import { isTemplate } from '../../../server/src/core/syntax/template.ts';

describe('templates of Dockerfiles', () => {
  for (const text of [
    'FROM a\n{%- if cookiecutter.gulp == "y" %}\nRUN b\n{% endif %}\n',
    'COPY . .{{#sqlite}}\n{{/sqlite}}\n',
    '<% if ruby %>\nRUN x\n<% end %>\n',
    'FROM a\n  {{- if .Values.x }}\nRUN b\n{{ end }}\n',
  ])
    it(`are told by ${JSON.stringify(text)}`, () => assert.ok(isTemplate(text)));

  for (const text of [
    "RUN go list -f '{{if not .Indirect}}{{.Path}}@{{.Version}}{{end}}' -m all\n",
    'RUN docker inspect -f "{{.State.Status}}" {{/* comment */}} x\n',
    'RUN curl -w "%{http_code}" a && printf "{%s}" b && echo $((5<%3))\n',
    `RUN echo \${x%%.*} "\${y#*{%}"\n`,
    'ENV NAME={{ cookiecutter.name }}\n',
  ])
    it(`are not seen in ${JSON.stringify(text)}`, () => assert.ok(!isTemplate(text)));
});
