import Crypto
import FoundationEssentials
import HTTPTypes
import NIOCore
import Testing

@testable import Unified
@testable import Upstream

/// A file from an address, as its source describes it and as it passes.
@Suite struct FetchedSourceTests {
    private static func source(
        _ chunks: [String] = [], url: String = "https://files.example/a/cv%20x.pdf?n=b.txt", headers: HTTPFields = [:],
        maxBytes: Int64 = 1 << 20, failure: (any Error)? = nil, digest: FileDigest? = nil
    ) throws -> FetchedSource {
        let pipe = BodyPipe(capacity: 1 << 20)
        for chunk in chunks { try pipe.push(ByteBuffer(string: chunk)) }
        if let failure { pipe.fail(failure) } else { pipe.finish() }
        let bytes = FetchedBytes(body: UpstreamBody(pipe: pipe), limits: FileFetchLimits(maxBytes: maxBytes))
        return FetchedSource(FetchedFile(length: nil, headers: headers, url: try TargetURL(url), bytes: bytes), digest: digest)
    }

    private static func text(_ source: FetchedSource) async throws -> String {
        var text = ""
        while let chunk = try await source.nextFileChunk() { text += String(buffer: chunk) }
        return text
    }

    @Test(
        arguments: [
            (nil, "cv x.pdf"), ("attachment; filename=\"me.pdf\"", "me.pdf"), ("inline; filename=me.pdf", "me.pdf"),
            ("attachment", "cv x.pdf"), ("attachment; filename=\"\"", "cv x.pdf"),
        ] as [(String?, String)])
    func `its name is what the source says, else the address's last segment`(disposition: String?, name: String) throws {
        var headers: HTTPFields = [.contentType: "application/pdf"]
        headers[.contentDisposition] = disposition
        let source = try Self.source(headers: headers)
        #expect(source.filename == name)
        #expect(source.contentType == "application/pdf")
    }

    @Test(arguments: [[], ["abc"], ["a", "bc", "d"]]) func `its digest is there once it has passed whole`(chunks: [String]) async throws {
        let digest = FileDigest()
        let source = try Self.source(chunks, digest: digest)
        for chunk in chunks {
            #expect(try await source.nextFileChunk() == ByteBuffer(string: chunk))
            #expect(digest.field == nil)
        }
        #expect(try await source.nextFileChunk() == nil)
        let expected = Data(SHA256.hash(data: Data(chunks.joined().utf8))).base64EncodedString()
        #expect(digest.field == "sha-256=:\(expected):")
    }

    @Test func `a file that breaks off, or is longer than allowed, has no digest`() async throws {
        let digest = FileDigest()
        let broken = try Self.source(["ab"], failure: UpstreamError(.interrupted, "r"), digest: digest)
        let error = await #expect(throws: FileFetchError.self) { try await Self.text(broken) }
        #expect(error?.code == .unreachable)
        let long = try Self.source(["ab", "cd"], maxBytes: 3, digest: digest)
        let other = await #expect(throws: FileFetchError.self) { try await Self.text(long) }
        #expect(other?.code == .tooLarge)
        #expect(digest.field == nil)
    }
}
