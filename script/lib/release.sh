# The flags of the program that is shipped, for all who build it: on Linux with the Swift runtime linked in, optimized by a profile of
# what runs often (deploy/toolset.json, deploy/functions.profdata), and with functions that run together lying together
# (deploy/functions.order).
release=(-c release)
[ "$(uname)" = Linux ] && release+=(--static-swift-stdlib --toolset deploy/toolset.json)
