import Accounts
import Encodings
import JSON
import NIOCore
import Storage
import TestSupport
import Testing

@testable import Catalog
@testable import Unified
@testable import Upstream

/// A file in the database, in pieces that only its link opens.
struct `A file behind a link` {
    private static let piece = FilePieceWriter.pieceSize
    private static let vendor = TestVendor(calls: "  things: {list: {path: /things}}", mapping: "  things: {list: {}}")

    private static func run(_ body: (TestService, FileLinkService) async throws -> Void) async throws {
        try await TestService.run(vendor) { _, _ in
            .json("{}")
        } _: {
            try await body($0, $0.accounts.fileLinks)
        }
    }

    private static func link(_ service: TestService, length: Int64? = nil, times: Int? = nil) async throws -> FileLink {
        try await service.accounts.fileLinks.make(
            FileLink.Description(name: "cv.pdf", contentType: "application/pdf"), length: length, times: times, lifetime: 600,
            environment: service.environment)
    }

    private static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

    private static func write(_ bytes: [UInt8], to link: FileLink, _ links: FileLinkService, by size: Int = 100_000) async throws {
        var writer = FilePieceWriter(link, links, limit: .max)
        for start in stride(from: 0, to: bytes.count, by: size) {
            try await writer.write(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
        }
        try await writer.finish()
    }

    private static func read(_ link: FileLink, _ links: FileLinkService, _ range: Range<Int64>? = nil) async throws -> [UInt8] {
        var all: [UInt8] = []
        for try await chunk in FilePieceReader(link, links, range: range) { all += chunk.readableBytesView }
        return all
    }

    @Test(arguments: [0, 1, piece - 1, piece, piece + 1, 2 * piece, 2 * piece + 17]) func `is read as it was written`(
        count: Int
    ) async throws {
        try await Self.run { service, links in
            let link = try await Self.link(service)
            let bytes = Self.bytes(count)
            try await Self.write(bytes, to: link, links)
            let read = try await Self.read(link, links)
            #expect(read == bytes)
            let found = try #require(try await links.find(link.id))
            #expect(found.record.isWhole && found.length == Int64(count))
        }
    }

    @Test func `is read in part`() async throws {
        try await Self.run { service, links in
            let link = try await Self.link(service)
            let bytes = Self.bytes(2 * Self.piece + 100)
            try await Self.write(bytes, to: link, links)
            let size = Int64(Self.piece)
            for range in [0..<1, 0..<size, size - 1..<size + 1, size..<2 * size, 2 * size..<2 * size + 100, 5..<Int64(bytes.count), 7..<7]
                as [Range<Int64>]
            {
                let read = try await Self.read(link, links, range)
                #expect(read == Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]), "\(range)")
            }
        }
    }

    @Test func `is no larger than it may be`() async throws {
        try await Self.run { service, links in
            var writer = FilePieceWriter(try await Self.link(service), links, limit: 10)
            try await writer.write(ByteBuffer(repeating: 1, count: 10))
            await #expect(throws: APIError.fileTooLarge(limit: 10)) { try await writer.write(ByteBuffer(repeating: 1, count: 1)) }
        }
    }

    @Test func `is read while it is still being written`() async throws {
        try await Self.run { service, links in
            let link = try await Self.link(service)
            var writer = FilePieceWriter(link, links, limit: .max)
            let bytes = Self.bytes(Self.piece + 50)
            try await writer.write(ByteBuffer(bytes: bytes))
            var reader = FilePieceReader(link, links)
            let first = try #require(try await reader.next())
            #expect(first.readableBytes == Self.piece)
            try await writer.finish()
            let rest = try #require(try await reader.next())
            #expect(rest.readableBytes == 50)
            #expect(try await reader.next() == nil)
        }
    }

    @Test func `that nobody finishes never looks whole`() async throws {
        try await Self.run { service, links in
            let link = try await Self.link(service)
            var writer = FilePieceWriter(link, links, limit: .max)
            try await writer.write(ByteBuffer(bytes: Self.bytes(Self.piece + 50)))
            var reader = FilePieceReader(link, links)
            _ = try await reader.next()
            // The call that was to bring it has failed.
            try await links.remove(link)
            await #expect(throws: CancellationError.self) { try await reader.next() }
        }
    }

    @Test func `lies in the database as nobody can read it, and opens with no other link`() async throws {
        try await Self.run { service, links in
            let (link, other) = (try await Self.link(service), try await Self.link(service))
            let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 1000)
            try await Self.write(bytes, to: link, links)
            let stored = try #require(try await links.piece(0, of: link))
            #expect(stored.isLast && !stored.sealed.contains("eHh4"), "base64 of what it holds")
            try await links.add(stored, 0, to: other, length: 1000)
            await #expect {
                try await Self.read(other, links)
            } throws: { error in
                let error = error as? APIError
                return error?.code == .internalError && error?.message.contains("damaged") == true
            }
        }
    }

    @Test(arguments: ["", "%%%", "QUJD"]) func `that was changed is not read`(sealed: String) async throws {
        try await Self.run { service, links in
            let link = try await Self.link(service)
            try await links.add(FilePiece(isLast: true, sealed: sealed), 0, to: link, length: 1)
            await #expect { try await Self.read(link, links) } throws: { ($0 as? APIError)?.code == .internalError }
        }
    }
}

/// Calls whose provider fetches the file by itself.
struct `A file that the provider fetches` {
    private static func vendor(
        _ fetched: String, more: String = "", body: String = #"{"url": $merge([body.file, {"as": "url"}])}"#
    ) -> TestVendor {
        TestVendor(
            calls: """
                  files: {create: {method: post, path: /files, file_url: {fetched: \(fetched)}\(more)}}
                """,
            mapping: """
                  files: {create: {query_mapping: '{}', request_body_mapping: '\(body)', response_mapping: '{"id": response.id}'}}
                """)
    }

    private static let form: [TestForm.Part] = [.file("file", "bytes of a file")]

    private static func id(_ service: TestService) throws -> String {
        let body = try JSONValue.parse(try #require(service.provider.received.first).body)
        let url = try #require(body["url"]?.string)
        #expect(url.hasPrefix("https://gw.test/files/"))
        return String(try #require(url.dropFirst("https://gw.test/files/".count).split(separator: "?").first))
    }

    @Test func `is given an address that works while the call lasts`() async throws {
        try await TestService.run(Self.vendor("during_call"), publicURL: "https://gw.test") { _, _ in
            .json(#"{"id":9}"#)
        } _: { service in
            let reply = try await service.reply("create", "files", body: .form(Self.form))
            #expect(reply.json["id"] == "9")
            let gone = try await service.accounts.fileLinks.find(try Self.id(service))
            #expect(gone == nil, "nobody needs it any more")
        }
    }

    @Test func `is given an address that works later`() async throws {
        let vendor = Self.vendor("later, lifetime: 1h, times: 2")
        try await TestService.run(vendor, publicURL: "https://gw.test") { _, _ in
            .json(#"{"id":9}"#)
        } _: { service in
            _ = try await service.reply("create", "files", body: .form(Self.form))
            let link = try #require(try await service.accounts.fileLinks.find(try Self.id(service)))
            #expect(link.file.name == "cv.pdf" && link.record.mostFetches == 2 && link.record.isWhole)
            var read = ""
            for try await chunk in FilePieceReader(link, service.accounts.fileLinks) { read += String(buffer: chunk) }
            #expect(read == "bytes of a file")
        }
    }

    @Test(arguments: ["during_call", "later"]) func `leaves nothing where the provider refuses`(moment: String) async throws {
        try await TestService.run(Self.vendor(moment), publicURL: "https://gw.test") { _, _ in
            .json("{}", status: 422)
        } _: { service in
            let error = try await service.error("create", "files", body: .form(Self.form))
            #expect(error?.status == 422)
            let gone = try await service.accounts.fileLinks.find(try Self.id(service))
            #expect(gone == nil)
        }
    }

    @Test func `is kept where nobody knows whether the provider took the address`() async throws {
        try await TestService.run(Self.vendor("later"), publicURL: "https://gw.test") { _, _ in
            .hangUp
        } _: { service in
            let error = try await service.error("create", "files", body: .form(Self.form))
            #expect(error?.code == .outcomeUnknown)
            let kept = try await service.accounts.fileLinks.find(try Self.id(service))
            #expect(kept != nil)
        }
    }

    @Test func `needs to know where the gateway is reached`() async throws {
        try await TestService.run(Self.vendor("later")) { _, _ in
            .json("{}")
        } _: { service in
            let error = try await service.error("create", "files", body: .form(Self.form))
            #expect(error?.code == .publicURLMissing && error?.status == 501 && error?.hint?.contains("public_url") == true)
            #expect(service.provider.lines.isEmpty)
        }
    }

    @Test func `has its own fault told, rather than the provider's complaint`() async throws {
        try await TestService.run(
            Self.vendor("later", more: ", max_file_size: 5"), publicURL: "https://gw.test"
        ) { _, _ in
            .json("{}", status: 422)
        } _: { service in
            let error = try await service.error("create", "files", body: .form(Self.form))
            #expect(error == .fileTooLarge(limit: 5) && service.provider.lines.isEmpty)
        }
    }

    // MARK: Which bodies hold an address

    private static func handle(_ form: FileHandle.Form, token: String = "t") -> FileHandle {
        FileHandle(token: token, name: nil, contentType: nil, size: nil, form: form)
    }

    @Test(arguments: FileHandle.Form.allCases) func `is known by a body that holds its address`(form: FileHandle.Form) {
        let handle = Self.handle(form)
        let parts = [BodyPart(name: "a", content: .text("x")), BodyPart(name: "b", content: .file(handle))]
        for body in [
            OutgoingBody.json(["a": [["b": handle.json]]]), .raw(handle.json, contentType: nil), .multipart(parts), .form(parts),
            .xml([.text("<a>"), .file(handle)]),
        ] {
            #expect(body.addressedFile(among: ["s", "t"])?.token == (form == .url ? "t" : nil))
            #expect(body.addressedFile(among: ["another"]) == nil && body.addressedFile(among: []) == nil)
        }
        #expect(OutgoingBody.none.addressedFile(among: ["t"]) == nil)
    }

    @Test func `has an address once it is known`() {
        let address = PublicAddress()
        #expect(address.url == nil)
        address.set("https://gw.test")
        #expect(address.url == "https://gw.test")
    }
}
