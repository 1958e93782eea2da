import type { FixCase } from '../case.ts';
import { flask, written } from './parts.ts';

/** Images that ship what it took to build them. What they start must be the same after a build stage was extracted. */
export const stageCases: readonly FixCase[] = [
  {
    ...written(
      'a Go program with its toolchain',
      [
        'FROM golang:1.23',
        'WORKDIR /src',
        'COPY go.mod go.sum ./',
        'RUN go mod download',
        'COPY . .',
        'RUN CGO_ENABLED=0 go build -o /server .',
        'EXPOSE 80',
        'CMD ["/server"]',
      ],
      { 'go.mod': 'module x\n', 'go.sum': 'sum\n', 'main.go': 'package main\n' },
      'main.go',
    ),
    keeps: ['/server'],
  },
  {
    ...written(
      'a .NET program with its toolchain',
      [
        'FROM mcr.microsoft.com/dotnet/sdk:9.0',
        'WORKDIR /app',
        'COPY . .',
        'RUN dotnet publish -c Release -o /out',
        'ENTRYPOINT ["dotnet", "/out/app.dll"]',
      ],
      { 'App.csproj': '<Project/>\n', 'Program.cs': 'main\n' },
      'Program.cs',
    ),
    keeps: ['/out'],
  },
  {
    ...written(
      'a Python program with a compiler',
      [
        'FROM python:3.12-slim',
        'RUN apt-get update && apt-get install -y gcc',
        'WORKDIR /app',
        'COPY requirements.txt ./',
        'RUN pip install -r requirements.txt',
        'COPY . .',
        'CMD ["python", "src/main.py"]',
      ],
      flask,
      'src/main.py',
    ),
    keeps: ['/app'],
  },
];
