/// Whether both are the same bytes, in a time that tells nothing about where they differ.
func equalInConstantTime(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}

extension Secret<String> {
    /// Whether the secret is this text, in a time that tells nothing about where they differ.
    package func equals(_ text: String) -> Bool { equalInConstantTime(exposed().utf8, text.utf8) }
}
