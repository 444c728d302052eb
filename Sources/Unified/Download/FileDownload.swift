import Catalog
import HTTPTypes
import Multipart
import Upstream

/// Which header fields a download is asked with, and which of the response's are handed on.
enum FileDownload {
    /// The request for a file, with the range that the caller asked for.
    ///
    /// A provider may keep its files at another host and redirect there; the credentials stay behind.
    static func request(_ request: UpstreamRequest, ranges: [APIError.Header]) -> UpstreamRequest {
        var request = request
        request.headers[.accept] = "*/*"
        request.maxRedirects = 3
        guard request.method == .get else { return request }
        for header in ranges {
            if let name = HTTPField.Name(header.name) { request.headers[name] = header.value }
        }
        return request
    }

    /// What is handed on with a file: its ranges, validators and digests, and a name that is safe to save it under.
    ///
    /// Always an attachment, and never sniffed: the bytes are a stranger's, and the host is the gateway's.
    static func headers(of fields: HTTPFields) -> [APIError.Header] {
        let stated = fields[.contentDisposition].flatMap(ContentDisposition.init(parsing:))?.filename
        return rangeHeaders(of: fields) + passed(["etag", "last-modified", "content-encoding", "repr-digest"], fields)
            + saved(as: stated)
    }

    /// The fields that say how a file is saved.
    static func saved(as name: String?) -> [APIError.Header] {
        [
            APIError.Header(
                "content-disposition", ContentDisposition.attachment(filename: FileName.sanitized(name ?? "file"))),
            APIError.Header("x-content-type-options", "nosniff"),
        ]
    }

    /// `Content-Range` and `Accept-Ranges` (RFC 9110 §14).
    static func rangeHeaders(of fields: HTTPFields) -> [APIError.Header] {
        passed(["content-range", "accept-ranges"], fields)
    }

    static func rangeHeaders(of response: ProviderResponse) -> [APIError.Header] {
        response.headers.filter { ["content-range", "accept-ranges"].contains($0.name) }
            .map { APIError.Header($0.name, $0.value) }
    }

    private static func passed(_ names: [String], _ fields: HTTPFields) -> [APIError.Header] {
        names.compactMap { name in
            HTTPField.Name(name).flatMap { fields[$0] }.map { APIError.Header(name, $0) }
        }
    }
}
