#!/usr/bin/env bash
# Builds every package and symbol package of the solution. Options go to dotnet pack, for example
#   nuget/pack.sh --version-suffix beta.1
#   PACKAGES=/somewhere CONFIGURATION=Debug nuget/pack.sh --no-build
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${PACKAGES:-artifacts/packages}
mkdir -p "$folder"
# What an earlier run left would be taken for this run's work.
rm -f "$folder"/*.nupkg "$folder"/*.snupkg
dotnet pack RLHF-V.sln --configuration "${CONFIGURATION:-Release}" --output "$folder" "$@"
