# The flags of the program that is shipped, for all who build it: on Linux with the Swift runtime linked in, with functions that run
# together lying together (deploy/toolset.json, deploy/functions.order), and optimized by a profile of what runs often
# (deploy/profile.json, deploy/functions.profdata). Swift 6.2 cannot read such a profile.
release=(-c release)
if [ "$(uname)" = Linux ]; then
  release+=(--static-swift-stdlib --toolset deploy/toolset.json)
  if grep -q -e -ir-profile-use= <<<"$(swiftc -frontend -help-hidden)"; then release+=(--toolset deploy/profile.json); fi
fi
