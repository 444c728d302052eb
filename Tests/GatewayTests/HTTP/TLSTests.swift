import AsyncHTTPClient
import FoundationEssentials
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing
import TestSupport

@testable import Gateway

/// TLS that the gateway itself speaks, through real sockets.
@Suite struct TLSTests {
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// One call over a connection of its own; nil where the certificate is not `trusted`.
    private func status(
        _ gateway: TestGateway, _ path: String, trusting trusted: TestCertificate, body: ByteBuffer? = nil,
        headers: [(String, String)] = [], change: (inout TLSConfiguration) -> Void = { _ in }
    ) async throws -> Int? {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates([trusted.root])
        change(&tls)
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(configuration: configuration)
        var request = HTTPClientRequest(url: gateway.baseURL.replacing("http://", with: "https://") + path)
        request.headers.add(name: "authorization", value: "Bearer \(gateway.token)")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.method = .POST
            request.body = .bytes(body)
        }
        let status: Int?
        do {
            let response = try await client.execute(request, timeout: .minutes(1))
            _ = try await response.body.collect(upTo: 1 << 20)
            status = Int(response.status.code)
        } catch is NIOSSLExtraError {
            status = nil
        } catch is NIOSSLError {
            status = nil
        }
        try await client.shutdown()
        return status
    }

    @Test func `calls and uploads go through TLS, and plain HTTP does not`() async throws {
        try await TestCertificate.withFiles { files in
            let certificate = try TestCertificate()
            try certificate.write(files)
            try await TestGateway.run(tls: try ServerTLS(files)) { gateway in
                #expect(try await status(gateway, "/ping", trusting: certificate) == 200)
                let form = Form(Form.resume)
                let path = "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)"
                let sent = try await status(
                    gateway, path, trusting: certificate, body: form.body, headers: [("content-type", form.contentType)])
                #expect(sent == 200)
                #expect(try await status(gateway, "/ping", trusting: try TestCertificate()) == nil)
                let plain = try await RawClient(gateway)
                try await plain.send("GET /ping HTTP/1.1\r\nhost: a\r\n\r\n")
                #expect(try await !plain.readAll().contains("HTTP/1.1 "))
            }
        }
    }

    @Test(arguments: [(TLSVersion.tlsv12, true), (.tlsv13, true), (.tlsv11, false)])
    func `nothing below TLS 1.2 is spoken`(version: TLSVersion, isSpoken: Bool) async throws {
        try await TestCertificate.withFiles { files in
            let certificate = try TestCertificate()
            try certificate.write(files)
            try await TestGateway.run(tls: try ServerTLS(files)) { gateway in
                let status = try await status(gateway, "/health/live", trusting: certificate) {
                    $0.minimumTLSVersion = .tlsv1
                    $0.maximumTLSVersion = version
                }
                #expect((status == 200) == isSpoken)
            }
        }
    }

    @Test func `a renewed certificate is served to new connections`() async throws {
        try await TestCertificate.withFiles { files in
            let (old, new) = (try TestCertificate(), try TestCertificate())
            try old.write(files)
            let tls = try ServerTLS(files)
            try await TestGateway.run(tls: tls) { gateway in
                #expect(try await status(gateway, "/health/live", trusting: old) == 200)
                // Half of it is there: a key that does not fit is not served.
                try Data(new.key.utf8).write(to: URL(fileURLWithPath: files.key))
                tls.check(logger: logger)
                #expect(try await status(gateway, "/health/live", trusting: old) == 200)
                try new.write(files)
                tls.check(logger: logger)
                #expect(try await status(gateway, "/health/live", trusting: new) == 200)
                #expect(try await status(gateway, "/health/live", trusting: old) == nil)
            }
        }
    }

    @Test func `files that hold no certificate and key are refused by name, without their content`() async throws {
        try await TestCertificate.withFiles { files in
            #expect(throws: TLSError("Cannot read \(files.certificate)")) { try ServerTLS(files) }
            let (one, other) = (try TestCertificate(), try TestCertificate())
            try one.write(files)
            try Data(other.key.utf8).write(to: URL(fileURLWithPath: files.key))
            #expect(throws: TLSError("The key of \(files.key) does not fit the certificate of \(files.certificate)")) {
                try ServerTLS(files)
            }
            try Data("canary".utf8).write(to: URL(fileURLWithPath: files.key))
            #expect(throws: TLSError("\(files.key) holds no private key in PEM without a passphrase")) { try ServerTLS(files) }
            try Data("canary".utf8).write(to: URL(fileURLWithPath: files.certificate))
            #expect(throws: TLSError("\(files.certificate) holds no certificate in PEM")) { try ServerTLS(files) }
        }
    }
}
