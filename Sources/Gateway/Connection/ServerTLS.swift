import FoundationEssentials
import Logging
import NIOSSL
import Synchronization

/// TLS towards clients: TLS 1.2 or later, HTTP/2 and HTTP/1.1, with the certificate that lies in the files at the time.
package final class ServerTLS: Sendable {
    private struct State {
        var files: TLSFiles
        var loaded: Loaded
        /// The content that was last refused, so that it is complained of once.
        var refused: Content?
    }

    private struct Content: Equatable {
        var certificate: Data
        var key: Data
    }

    private struct Loaded {
        var content: Content
        var context: NIOSSLContext
        var validUntil: Int
    }

    private let state: Mutex<State>

    /// - Throws: `TLSError` where a file cannot be read, or the two do not belong together.
    package init(_ files: TLSFiles) throws(TLSError) {
        state = Mutex(State(files: files, loaded: try Self.load(try Self.read(files), files)))
    }

    /// When the certificate ends, in seconds since 1970.
    package var validUntil: Int { state.withLock { $0.loaded.validUntil } }

    /// For one more connection.
    func handler() -> NIOSSLServerHandler { NIOSSLServerHandler(context: state.withLock { $0.loaded.context }) }

    /// Serves what lies in the files now; connections from before keep theirs.
    ///
    /// - Returns: whether it is another certificate or key.
    /// - Throws: `TLSError`; what was served so far still is.
    @discardableResult
    package func use(_ files: TLSFiles) throws(TLSError) -> Bool {
        let content = try Self.read(files)
        if state.withLock({ $0.loaded.content == content }) {
            state.withLock { $0.files = files }
            return false
        }
        let loaded = try Self.load(content, files)
        state.withLock { $0 = State(files: files, loaded: loaded) }
        return true
    }

    /// Looks at the files every few seconds. By what is in them: they may be links that are turned elsewhere.
    func watch(every interval: Duration = .seconds(5), logger: Logger) async {
        while (try? await Task.sleep(for: interval)) != nil { check(logger: logger) }
    }

    /// Looks at the files once. While one of two is new, they do not fit: the next look finds both.
    func check(logger: Logger) {
        let files = state.withLock { $0.files }
        do {
            let content = try Self.read(files)
            guard state.withLock({ $0.loaded.content != content && $0.refused != content }) else { return }
            state.withLock { $0.refused = content }
            if try use(files) {
                logger.notice("Serving another certificate", metadata: ["file": .string(files.certificate)])
            }
        } catch {
            logger.warning("The new certificate is not served", metadata: ["error": .string(error.message)])
        }
    }

    private static func read(_ files: TLSFiles) throws(TLSError) -> Content {
        Content(certificate: try read(files.certificate), key: try read(files.key))
    }

    private static func read(_ path: String) throws(TLSError) -> Data {
        guard let data = FileManager.default.contents(atPath: path) else { throw TLSError("Cannot read \(path)") }
        return data
    }

    private static func load(_ content: Content, _ files: TLSFiles) throws(TLSError) -> Loaded {
        let chain: [NIOSSLCertificate]
        do { chain = try NIOSSLCertificate.fromPEMBytes(Array(content.certificate)) } catch {
            throw TLSError("\(files.certificate) holds no certificate in PEM")
        }
        guard let first = chain.first else { throw TLSError("\(files.certificate) holds no certificate in PEM") }
        let key: NIOSSLPrivateKey
        do { key = try NIOSSLPrivateKey(bytes: Array(content.key), format: .pem) } catch {
            throw TLSError("\(files.key) holds no private key in PEM without a passphrase")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = [ApplicationProtocol.http2, ApplicationProtocol.http1]
        do {
            let context = try NIOSSLContext(configuration: configuration)
            return Loaded(content: content, context: context, validUntil: Int(first.notValidAfter))
        } catch {
            throw TLSError("The key of \(files.key) does not fit the certificate of \(files.certificate)")
        }
    }
}
