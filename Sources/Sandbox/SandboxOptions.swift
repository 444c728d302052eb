public import Logging

/// How a sandbox behaves.
public struct SandboxOptions: Sendable {
    /// The address to listen on.
    public var host: String
    /// 0 picks a free one.
    public var port: Int
    /// Whether the vendor's rate limit refuses calls.
    public var rateLimit: Bool
    /// The longest request body, in bytes, instead of the vendor's own limits on bodies and files; nil keeps those.
    public var maxRequestBytes: Int?
    /// A received file longer than this many bytes is counted and hashed, but its bytes are not kept.
    public var maxKeptBytes: Int
    /// Milliseconds since 1970; the machine's clock when nil.
    public var clock: (@Sendable () -> Int64)?
    /// Where ids and tokens come from; the system's generator when nil.
    public var random: (@Sendable () -> UInt64)?
    /// How long an OAuth access token is good for, in seconds; nil is the file's own.
    public var accessTokenLifetime: Int?
    /// Whether the authorization page consents by itself instead of asking.
    public var autoApprove: Bool
    public var logger: Logger

    public init(
        host: String = "127.0.0.1", port: Int = 0, rateLimit: Bool = true, maxRequestBytes: Int? = nil,
        maxKeptBytes: Int = 64 << 20, clock: (@Sendable () -> Int64)? = nil, accessTokenLifetime: Int? = nil,
        autoApprove: Bool = true, logger: Logger? = nil
    ) {
        self.host = host
        self.port = port
        self.rateLimit = rateLimit
        self.maxRequestBytes = maxRequestBytes
        self.maxKeptBytes = maxKeptBytes
        self.clock = clock
        self.accessTokenLifetime = accessTokenLifetime
        self.autoApprove = autoApprove
        self.logger = logger ?? Logger(label: "sandbox", factory: { _ in SwiftLogNoOpLogHandler() })
    }
}
