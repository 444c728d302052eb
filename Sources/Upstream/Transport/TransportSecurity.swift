import NIOCore
import NIOSSL
import Synchronization

/// TLS towards providers: the system's trust roots, TLS 1.2 or later, names verified.
final class TransportSecurity: Sendable {
    private let context: Mutex<NIOSSLContext?> = Mutex(nil)
    private let trustRoots: [String]

    /// - Parameter trustRoots: paths of PEM files with further authorities.
    init(trustRoots: [String]) { self.trustRoots = trustRoots }

    /// A handler that verifies the peer to be `host`, whichever address it was reached at.
    func clientHandler(for host: TargetURL.Host) throws -> NIOSSLClientHandler {
        switch host {
        case .name(let name):
            // Runs before the first byte of a request leaves; a handler behind this one would come too late for that.
            try NIOSSLClientHandler._makeSSLClientHandler(
                context: sharedContext(), serverHostname: name,
                additionalPeerCertificateVerificationCallback: { certificate, channel in
                    channel.eventLoop.makeCompletedFuture { try CertificateName.check(certificate, for: name) }
                }
            )
        // SNI knows names only (RFC 6066 §3); the address is verified against the certificate all the same.
        case .address: try NIOSSLClientHandler(context: sharedContext(), serverHostname: nil)
        }
    }

    /// Reading the system's roots takes tens of milliseconds, so it is done once, and only if https is ever used.
    private func sharedContext() throws -> NIOSSLContext {
        try context.withLock { context in
            if let context { return context }
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            configuration.additionalTrustRoots = trustRoots.map { .file($0) }
            let made = try NIOSSLContext(configuration: configuration)
            context = made
            return made
        }
    }
}
