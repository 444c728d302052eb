/// The version of the program; the newest heading of `CHANGELOG.md` says the same.
public enum AttacheVersion {
    public static let current = "0.1.0"
}
