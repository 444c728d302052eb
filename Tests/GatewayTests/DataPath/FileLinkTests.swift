import Accounts
import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Storage
import StorageTestSupport
import Synchronization
import Testing

@testable import Gateway
@testable import Unified

/// Addresses of the gateway from which vendors fetch files.
@Suite struct FileLinkTests {
    /// Three pieces, the last one short.
    static let file = ByteBuffer(bytes: (0..<(2 * FilePieceWriter.pieceSize + 7)).map { UInt8(truncatingIfNeeded: $0 &* 31) })

    static func fetch(_ url: String, _ method: HTTPMethod = .GET, range: String? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = method
        if let range { request.headers.add(name: "range", value: range) }
        let response = try await HTTPClient.shared.execute(request, timeout: .minutes(3))
        return Answer(
            status: Int(response.status.code), headers: response.headers,
            body: try await response.body.collect(upTo: 64 << 20))
    }

    static func make(
        _ links: FileLinkService, _ environment: String, times: Int? = nil, lifetime: Int = 3600, isWritten: Bool = true
    ) async throws -> FileLink {
        let link = try await links.make(
            .init(name: "résumé \"1\".pdf", contentType: "application/pdf"), length: Int64(file.readableBytes), times: times,
            lifetime: lifetime, environment: environment)
        if isWritten { try await write(links, link) }
        return link
    }

    static func write(_ links: FileLinkService, _ link: FileLink) async throws {
        var writer = FilePieceWriter(link, links, limit: .max)
        var rest = file
        while let chunk = rest.readSlice(length: min(100_001, rest.readableBytes)), chunk.readableBytes > 0 {
            try await writer.write(chunk)
        }
        try await writer.finish()
    }

    @Test func `a link gives the file, as an attachment that nobody sniffs or stores`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            let link = try await Self.make(gateway.accounts.fileLinks, gateway.environmentID)
            let response = try await Self.fetch(gateway.baseURL + link.target)
            #expect(response.status == 200)
            #expect(response.body == Self.file)
            for (name, value) in [
                ("content-type", "application/pdf"), ("content-length", String(Self.file.readableBytes)),
                ("x-content-type-options", "nosniff"), ("cache-control", "no-store"), ("content-security-policy", "sandbox"),
                ("accept-ranges", "bytes"),
            ] { #expect(response.headers.first(name: name) == value) }
            #expect(response.headers.first(name: "content-disposition")?.hasPrefix("attachment; ") == true)
        }
    }

    @Test func `what is not the link's own address is 404`() async throws {
        try await TestGateway.run { gateway in
            let links = gateway.accounts.fileLinks
            let (one, two) = (try await Self.make(links, gateway.environmentID), try await Self.make(links, gateway.environmentID))
            let target = one.target
            let last = target.last == "A" ? "B" : "A"
            let forged = [
                "/files/\(one.id)", String(target.dropLast()) + last, String(target.dropLast(8)),
                target.replacing(one.id, with: two.id), target.replacing("expires=", with: "expires=9"),
                target.replacing(one.id, with: "nothing"),
            ]
            for address in forged { #expect(try await Self.fetch(gateway.baseURL + address).status == 404, "\(address)") }
            #expect(try await Self.fetch(gateway.baseURL + target).status == 200)
        }
    }

    @Test func `a part of a file is its bytes, also across pieces`() async throws {
        try await TestGateway.run { gateway in
            let link = try await Self.make(gateway.accounts.fileLinks, gateway.environmentID)
            let size = Self.file.readableBytes
            let middle = FilePieceWriter.pieceSize
            let all = Array(Self.file.readableBytesView)
            for (range, expected) in [
                ("bytes=0-0", 0..<1), ("bytes=\(middle - 2)-\(middle + 2)", (middle - 2)..<(middle + 3)),
                ("bytes=\(size - 5)-", (size - 5)..<size), ("bytes=-3", (size - 3)..<size),
                ("bytes=10-99999999", 10..<size),
            ] {
                let response = try await Self.fetch(gateway.baseURL + link.target, range: range)
                #expect(response.status == 206, "\(range)")
                #expect(Array(response.body.readableBytesView) == Array(all[expected]), "\(range)")
                #expect(
                    response.headers.first(name: "content-range")
                        == "bytes \(expected.lowerBound)-\(expected.upperBound - 1)/\(size)")
            }
            #expect(try await Self.fetch(gateway.baseURL + link.target, range: "bytes=\(size)-").status == 416)
            #expect(try await Self.fetch(gateway.baseURL + link.target, range: "bytes=0-1,4-5").body.readableBytes == size)
        }
    }

    @Test func `a link that is good once is sent whole, once, and HEAD does not count`() async throws {
        try await TestGateway.run { gateway in
            let link = try await Self.make(gateway.accounts.fileLinks, gateway.environmentID, times: 1)
            let head = try await Self.fetch(gateway.baseURL + link.target, .HEAD)
            #expect(head.status == 200)
            #expect(head.headers.first(name: "content-length") == String(Self.file.readableBytes))
            let first = try await Self.fetch(gateway.baseURL + link.target, range: "bytes=0-9")
            #expect(first.status == 200)
            #expect(first.body == Self.file)
            #expect(try await Self.fetch(gateway.baseURL + link.target).status == 404)
            // Nothing of it is kept that nobody may ask for.
            #expect(try await gateway.accounts.fileLinks.find(link.id) == nil)
            #expect(try await gateway.accounts.fileLinks.piece(0, of: link) == nil)
        }
    }

    @Test func `after its expiry a link is 404, and the sweep leaves nothing of it`() async throws {
        let offset = Mutex<Int64>(0)
        var effects = Effects.live
        effects.now = { Effects.live.now().adding(seconds: offset.withLock { $0 }) }
        try await TestGateway.run(on: StoreKind.tested, effects: effects) { gateway in
            offset.withLock { $0 = 0 }
            let links = gateway.accounts.fileLinks
            // Of a call whose process died: never finished.
            let left = try await Self.make(links, gateway.environmentID, lifetime: 60, isWritten: false)
            let link = try await Self.make(links, gateway.environmentID, lifetime: 60)
            #expect(try await links.purge() == 0)
            offset.withLock { $0 = 61 }
            #expect(try await Self.fetch(gateway.baseURL + link.target).status == 404)
            #expect(try await links.purge() == 2)
            #expect(try await links.piece(0, of: link) == nil)
            #expect(try await links.find(left.id) == nil)
            #expect(try await links.purge() == 0)
        }
    }

    @Test func `at two nodes a link counts once for both, and gives what the other one is still writing`() async throws {
        for kind in StoreKind.tested where kind != .sqlite {
            try await kind.withDatabase { address in
                try await TestCluster.run(2, on: address) { cluster in
                    let links = cluster.accounts.fileLinks
                    let once = try await Self.make(links, cluster.environment, times: 1)
                    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                        for turn in 0..<8 {
                            group.addTask { try await Self.fetch(cluster.nodes[turn % 2] + once.target).status }
                        }
                        return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
                    }
                    #expect(statuses == [200: 1, 404: 7])

                    let open = try await Self.make(links, cluster.environment, isWritten: false)
                    async let fetched = Self.fetch(cluster.nodes[1] + open.target)
                    try await Self.write(links, open)
                    #expect(try await fetched.body == Self.file)
                }
            }
        }
    }

    @Test func `a file whose call fails ends in a broken response, never in a short file`() async throws {
        try await TestGateway.run { gateway in
            let links = gateway.accounts.fileLinks
            let link = try await Self.make(links, gateway.environmentID, isWritten: false)
            var writer = FilePieceWriter(link, links, limit: .max)
            try await writer.write(Self.file)
            async let fetched = Self.fetch(gateway.baseURL + link.target)
            try await links.remove(link)
            let response = try? await fetched
            #expect(response?.status != 200)
        }
    }
}
