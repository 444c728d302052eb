import ArgumentParser
import Gateway

/// TLS in the process, for those without a proxy in front.
struct TLSOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The certificate to serve TLS with and its chain, in PEM.", valueName: "FILE"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The certificate's private key, in PEM, without a passphrase.", valueName: "FILE"))
    var tlsKey: String?

    /// - Returns: nil where TLS is not served.
    func files(_ settings: Settings) throws(CommandError) -> TLSFiles? {
        switch (settings.text(.tlsCertificate, tlsCertificate), settings.text(.tlsKey, tlsKey)) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return TLSFiles(certificate: certificate, key: key)
        case (nil, _): throw CommandError("tls.key is set without tls.certificate", do: "Give both or none")
        case (_, nil): throw CommandError("tls.certificate is set without tls.key", do: "Give both or none")
        }
    }

    /// Opens what `files` names.
    func open(_ settings: Settings) throws(CommandError) -> ServerTLS? {
        guard let files = try files(settings) else { return nil }
        do { return try ServerTLS(files) } catch {
            throw CommandError(error.message, do: "Check tls.certificate and tls.key")
        }
    }
}
