package import Upstream

/// What an operator can set of the HTTP surface. Each has a flag of `attache serve` and an environment variable.
package struct GatewayConfiguration: Sendable {
    package var host = "127.0.0.1"
    /// 0 picks a free port.
    package var port = 8080
    /// Where browsers reach the gateway, without a slash at its end: `https://gateway.example.com`. Vendors send them
    /// back there. nil: only on this very machine.
    package var publicURL: String?
    /// Bytes of a form that are read before the provider is called; a form that ends inside is known whole.
    package var lookahead = 1 << 20
    /// Whether a file waits on disk, encrypted, where its JSON may say more behind it.
    package var spoolsToDisk = true
    /// Bytes of one file; a method's own `max_file_size` may be lower.
    package var maxUploadBytes: Int64 = 5 << 30
    /// Bytes that all calls together may hold of their bodies; past it a call is refused with 503.
    package var maxInFlightBytes = 192 << 20
    /// Seconds for which a client may leave the gateway waiting, within a request and between two.
    package var clientIdleSeconds = 60
    /// Connections of clients in all; nil: as many as come. A few more are let in for health checks.
    package var maxConnections: Int?
    /// Of those, from one address (of IPv6, one /64); nil: three quarters.
    package var maxConnectionsPerPeer: Int?
    /// Seconds for the whole head of a request, from its first byte.
    package var headSeconds = 10
    /// The least that has to come of a request's body while the gateway waits for it; nil: as slow as it likes.
    package var pace: Pace? = .standard
    /// Seconds for which calls under way may go on once the gateway is told to end.
    package var drainSeconds = 600
    /// Seconds that a client may take to read a response to a request whose body was left unread.
    package var lingerSeconds = 15

    /// Seconds for which a call that changes nothing goes on for a client that has ended its side of a connection of HTTP/1.1: it
    /// may still read, or have closed the connection, and the two cannot be told apart.
    package var endedInputSeconds = 5

    /// Calls of one API token; nil: as many as it likes.
    package var tokenLimit: RequestLimit?
    /// Unified calls for one integrated account; nil: as many as come.
    package var accountLimit: RequestLimit?

    /// Connections to one host of a provider.
    package var providerConnections = 1024
    /// What one account and one environment may hold of those while others wait.
    package var providerShares = ConnectionShares()

    /// Origins whose pages may read responses, such as `https://app.example.com`; `*` is any. None by default.
    package var allowedOrigins: [String] = []

    /// Whether the gateway is one to try things out with: its start page says what to try.
    package var isDevelopment = false

    package init() {}
}
