# The flags of the program that is shipped, for all who build it: on Linux with the Swift runtime linked in, and with functions that
# run together lying together (deploy/toolset.json, deploy/functions.order).
release=(-c release)
[ "$(uname)" = Linux ] && release+=(--static-swift-stdlib --toolset deploy/toolset.json)
