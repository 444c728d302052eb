/// What is agreed on within the handshake of TLS (RFC 7301), by the names that are registered.
enum ApplicationProtocol {
    static let http2 = "h2"
    static let http1 = "http/1.1"
}
