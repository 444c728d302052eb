/// Why a sandbox could not start.
public struct SandboxError: Error, Sendable, Hashable, CustomStringConvertible {
    private enum Code: Hashable { case startup, definition }

    private let code: Code
    public let message: String

    /// The server did not come up: the port is taken, or the address is not one of this machine.
    static func startup(_ message: String) -> Self { Self(code: .startup, message: message) }

    /// The file is not one of a sandbox.
    static func definition(_ vendor: String, _ faults: [SandboxFault]) -> Self {
        let list = faults.prefix(20).map { "\($0.path.joined(separator: ".")): \($0.message)" }
        return Self(code: .definition, message: "the sandbox of \(vendor) is not valid\n  " + list.joined(separator: "\n  "))
    }

    public var description: String { message }
}
