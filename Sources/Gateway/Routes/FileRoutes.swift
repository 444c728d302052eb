import Accounts
import HTTPTypes
import JSON
import Multipart
import Unified

/// `/files/{id}`: files that vendors fetch. The signature of the address is all that is asked for.
struct FileRoutes: Sendable {
    let links: FileLinkService

    var routes: [Route] {
        [Route(.get, "/files/{id}", .anyone) { call, _ in try await fetch(call) }]
    }

    private func fetch(_ call: Call) async throws {
        let query = try call.query()
        guard let id = call.parameters["id"],
            let link = try await links.open(
                id, expires: query["expires"]?.string ?? "", signature: query["signature"]?.string ?? "")
        else { throw Self.unknown }
        let isCounted = link.isCounted
        var fields = Self.fields(link)
        // A link that counts its fetches is sent whole: parts would each count as one.
        fields[.acceptRanges] = isCounted ? "none" : "bytes"
        let asked = isCounted ? ByteRange.whole : ByteRange(call.headers[.range], length: link.length)
        var range: Range<Int64>?
        var status = HTTPResponse.Status.ok
        switch asked {
        case .whole: if let length = link.length { fields[.contentLength] = String(length) }
        case .part(let part, let length):
            range = part
            status = .partialContent
            fields[.contentLength] = String(part.count)
            fields[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(length)"
        case .unsatisfiable(let length):
            var reply = Reply(status: .rangeNotSatisfiable)
            reply.headers[.contentRange] = "bytes */\(length)"
            return try await call.responseWriter.send(reply)
        }
        // HEAD asks what there is, and takes nothing.
        if call.responseWriter.omitsBody {
            return try await call.responseWriter.stream(status, fields, FilePieceReader(link, links, range: range))
        }
        guard try await links.beginFetch(link) else { throw Self.unknown }
        do {
            try await call.responseWriter.stream(status, fields, FilePieceReader(link, links, range: range))
        } catch {
            // A task that was cancelled cannot write; one of its own can.
            await Task { try? await links.cancelFetch(link) }.value
            throw error
        }
        try await links.endFetch(link)
    }

    /// The same for an address that was made up, has expired or is used up: the response does not tell which.
    private static let unknown = APIError(.notFound, "There is no such file", hint: "Links to files end after a time")

    private static func fields(_ link: FileLink) -> HTTPFields {
        var fields = HTTPFields()
        fields[.contentType] = link.file.contentType ?? "application/octet-stream"
        fields[.contentDisposition] = ContentDisposition.attachment(filename: link.file.name)
        fields[.contentSecurityPolicy] = ResponseFields.providerPolicy
        return fields
    }
}
