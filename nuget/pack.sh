#!/usr/bin/env bash
# Builds every package and symbol package into artifacts/packages.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf artifacts/packages
for project in src/*/*.csproj; do
  dotnet pack "$project" -c Release -o artifacts/packages "$@"
done
ls -l artifacts/packages
