# Finds the Swift that script/bootstrap has installed, in a shell that was opened before. Sourced.
if ! command -v swift >/dev/null; then
  for env in "${SWIFTLY_HOME_DIR:-$HOME/.local/share/swiftly}/env.sh" "$HOME/.swiftly/env.sh"; do
    # shellcheck disable=SC1090
    [ ! -r "$env" ] || . "$env"
  done
fi
