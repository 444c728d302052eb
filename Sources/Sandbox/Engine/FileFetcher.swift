import AsyncHTTPClient
import Crypto
import Encodings
import NIOCore
import NIOHTTP1

/// Fetches files by URL, as vendors do that are given an address instead of bytes.
struct FileFetcher: Sendable {
    struct Failure: Error { var reason: String }

    struct Fetched: Sendable {
        var name: String
        var contentType: String?
        var sha256: String
        var file: SpooledFile
    }

    /// For all sandboxes; never shut down, as their event loop.
    private static let client = HTTPClient(eventLoopGroupProvider: .shared(SandboxServer.group))

    let spool: FileSpool

    /// - Parameter limit: bytes; a longer file is a failure.
    func fetch(_ address: String, limit: Int) async throws(Failure) -> Fetched {
        do {
            let response = try await Self.client.execute(HTTPClientRequest(url: address), timeout: .minutes(10))
            guard response.status.code < 300 else { throw Failure(reason: "status \(response.status.code)") }
            let writer = SpoolWriter(spool)
            var hash = SHA256()
            var size = 0
            for try await buffer in response.body {
                size += buffer.readableBytes
                if size > limit { throw Failure(reason: "the file is longer than \(limit) bytes") }
                buffer.withUnsafeReadableBytes { bytes in
                    hash.update(bufferPointer: bytes)
                    writer.write(bytes)
                }
            }
            return Fetched(
                name: Self.name(address, response.headers.first(name: "content-disposition")),
                contentType: response.headers.first(name: "content-type"), sha256: Hex.text(hash.finalize()),
                file: writer.finish()
            )
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(reason: "\(error)")
        }
    }

    private static func name(_ address: String, _ disposition: String?) -> String {
        if let disposition = disposition.map(HeaderValue.init),
            let name = disposition["filename*"].flatMap(HeaderValue.extended) ?? disposition["filename"]
        {
            return name
        }
        let path = address.prefix { $0 != "?" && $0 != "#" }
        let last = path.split(separator: "/").last.map { PercentEncoding.decodedLeniently($0, plusIsSpace: false) } ?? ""
        return last.isEmpty ? "file" : last
    }
}
