/// A value that must not be printed: every description of it, also by reflection, is a fixed text.
package struct Secret<Value: Sendable>: Sendable {
    private let value: Value

    package init(_ value: Value) { self.value = value }

    /// The value itself. The name is long so that each use of it is seen in review.
    package func exposed() -> Value { value }

    package func map<Other: Sendable, Failure: Error>(
        _ body: (Value) throws(Failure) -> Other
    ) throws(Failure) -> Secret<Other> {
        Secret<Other>(try body(value))
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<secret>" }
    package var debugDescription: String { "<secret>" }
    /// Without children: `dump` and test failures walk mirrors.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: Equatable where Value: Equatable {}
extension Secret: Hashable where Value: Hashable {}

/// Whether both are the same bytes, in a time that tells nothing about where they differ.
func equalInConstantTime(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}

extension Secret<String> {
    /// Whether the secret is this text, in a time that tells nothing about where they differ.
    package func equals(_ text: String) -> Bool { equalInConstantTime(exposed().utf8, text.utf8) }
}
