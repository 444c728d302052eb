/// Why a sandbox could not start.
public struct SandboxError: Error, Sendable, Hashable, CustomStringConvertible {
    private enum Code: Hashable { case spool, startup }

    private let code: Code
    public let message: String

    /// The folder for received files could not be made.
    static func spool(_ message: String) -> Self { Self(code: .spool, message: message) }

    /// The server did not come up: the port is taken, or the address is not one of this machine.
    static func startup(_ message: String) -> Self { Self(code: .startup, message: message) }

    public var description: String { message }
}
