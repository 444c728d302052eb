/// The version of the program; the newest heading of `CHANGELOG.md` says the same.
package enum AttacheVersion {
    package static let current = "0.1.0"
}
