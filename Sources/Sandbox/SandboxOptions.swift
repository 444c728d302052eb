public import Logging

/// How a pretend vendor behaves.
public struct SandboxOptions: Sendable {
    /// The address to listen on.
    public var host: String
    /// 0 picks a free one.
    public var port: Int
    /// Whether the vendor's rate limit answers 429.
    public var rateLimit: Bool
    /// The longest request body, in bytes; a longer one is refused the vendor's way. 30 MiB by default.
    public var maxRequestBytes: Int
    /// A received file longer than this many bytes is counted and hashed, but its bytes are not kept.
    public var maxKeptBytes: Int
    /// Milliseconds since 1970; the machine's clock when nil.
    public var clock: (@Sendable () -> Int64)?
    /// How long an OAuth access token is good for, in seconds.
    public var accessTokenLifetime: Int
    /// Whether the authorization page consents by itself instead of asking.
    public var autoApprove: Bool
    /// Who may call.
    public var credentials: LeverCredentials
    public var logger: Logger

    public init(
        host: String = "127.0.0.1", port: Int = 0, rateLimit: Bool = true, maxRequestBytes: Int = 30 << 20,
        maxKeptBytes: Int = 64 << 20, clock: (@Sendable () -> Int64)? = nil, accessTokenLifetime: Int = 3600,
        autoApprove: Bool = true, credentials: LeverCredentials = .standard, logger: Logger? = nil
    ) {
        self.host = host
        self.port = port
        self.rateLimit = rateLimit
        self.maxRequestBytes = maxRequestBytes
        self.maxKeptBytes = maxKeptBytes
        self.clock = clock
        self.accessTokenLifetime = accessTokenLifetime
        self.autoApprove = autoApprove
        self.credentials = credentials
        self.logger = logger ?? Logger(label: "sandbox", factory: { _ in SwiftLogNoOpLogHandler() })
    }
}

/// The vendors that a sandbox can pretend to be.
public enum SandboxVendor: String, Sendable, CaseIterable {
    case lever
}
