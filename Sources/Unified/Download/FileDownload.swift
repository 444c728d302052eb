import HTTPTypes
import Multipart
import Upstream

/// Which header fields a download is asked with, and which of the response's are handed on.
enum FileDownload {
    /// The request for a file, with the range that the caller asked for.
    ///
    /// A provider may keep its files at another host and redirect there; the credentials stay behind.
    static func request(_ request: UpstreamRequest, ranges: HTTPFields) -> UpstreamRequest {
        var request = request
        request.headers[.accept] = "*/*"
        request.maxRedirects = 3
        guard request.method == .get else { return request }
        request.headers.replace(with: ranges)
        return request
    }

    /// What is handed on with a file: its ranges, validators and digests, and a name that is safe to save it under.
    ///
    /// Always an attachment, and never sniffed: the bytes are a stranger's, and the host is the gateway's.
    static func fields(of response: HTTPFields) -> HTTPFields {
        let stated = response[.contentDisposition].flatMap(ContentDisposition.init(parsing:))?.filename
        return passed(response) + saved(as: stated)
    }

    /// The fields that say how a file is saved.
    static func saved(as name: String?) -> HTTPFields {
        [.savedName: ContentDisposition.attachment(filename: FileName.sanitized(name ?? "file")), .sniffing: "nosniff"]
    }

    /// `Content-Range` and `Accept-Ranges` of a refusal (RFC 9110 §14), in the provider's order.
    static func rangeFields(of response: HTTPFields) -> HTTPFields {
        let ranges = response.filter { [.contentRange, .acceptRanges].contains($0.name) }
        return HTTPFields(texts: ranges.map { (name: $0.name.canonicalName, value: $0.value) })
    }

    /// One field for each of the names that the response has, in lower case; repeated ones are joined (RFC 9110 §5.3).
    private static func passed(_ response: HTTPFields) -> HTTPFields {
        var fields = HTTPFields()
        for name in passedNames { fields[name] = response[name] }
        return fields
    }

    private static let passedNames = [
        "content-range", "accept-ranges", "etag", "last-modified", "content-encoding", "repr-digest",
    ].compactMap { HTTPField.Name($0) }
}

extension HTTPField.Name {
    // In the letters that are sent.
    fileprivate static let savedName = Self("content-disposition")!
    fileprivate static let sniffing = Self("x-content-type-options")!
}
