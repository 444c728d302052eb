import AsyncHTTPClient
import FoundationEssentials
import NIOSSL

extension HTTPClient {
    /// Calls a gateway for a command. One that cannot be reached is reported at once; the client's own way is to go on
    /// trying, for ten seconds.
    ///
    /// Fails where `SSL_CERT_FILE` names what is no file of certificates.
    static let toGateway: Result<HTTPClient, CommandError> = Result { () throws(CommandError) in
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.tlsConfiguration = try trust(in: Environment.current)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Whom to trust: the authorities of the file that `SSL_CERT_FILE` names, as other clients do, else the system's.
    static func trust(in environment: [String: String]) throws(CommandError) -> TLSConfiguration {
        var trust = TLSConfiguration.makeClientConfiguration()
        guard let file = environment["SSL_CERT_FILE"], !file.isEmpty else { return trust }
        do { trust.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file)) } catch {
            throw CommandError("Cannot read certificates from \(file)", do: "Correct or unset SSL_CERT_FILE")
        }
        return trust
    }
}
