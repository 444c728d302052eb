package import Encodings
import JSON

/// One call of the provider's API.
package final class IntegrationMethod: Sendable {
    package enum BodyFormat: String, Sendable, Hashable, CaseIterable {
        case json, form, multipart, raw, xml
    }

    /// What the response's body is read as.
    package enum ProviderFormat: String, Sendable, Hashable, CaseIterable {
        case json, xml, text
        /// Passed on, never read: downloads.
        case binary
    }

    /// How the vendor fetches a file whose address it was given.
    package struct FetchedFile: Sendable, Hashable {
        package enum Moment: String, Sendable, Hashable, CaseIterable {
            /// Before it responds to the call.
            case duringCall = "during_call"
            /// At some time within the lifetime.
            case later
        }

        package var moment: Moment
        /// Seconds for which the address is good.
        package var lifetime: Int
        /// How often the address may be fetched; nil: as often as wanted within its lifetime.
        package var times: Int?
        /// Whether the caller's own address may be handed on as it is.
        package var isForwarded: Bool

        init(decoding reader: DefinitionReader) {
            moment = reader.word("fetched") ?? .duringCall
            lifetime = reader.raw("lifetime").flatMap(Lifetime.seconds) ?? 3600
            let times = reader.int("times") ?? 1
            self.times = times == 0 ? nil : times
            isForwarded = reader.bool("forward") ?? false
        }
    }

    package let resource: String
    package let name: String
    package let description: String?
    package let documentationURL: String?
    /// In capitals: `GET`.
    package let httpMethod: String
    package let evidence: Evidence
    /// Begins with `/`; placeholders are percent-encoded per segment. Empty where `url` takes its place.
    package let path: Template
    /// Placeholders of the path whose values may hold slashes, by the last step of their names.
    package let pathSlashes: Set<String>
    /// The whole address, in place of base URL and path.
    package let url: Template?
    /// Replaces the integration's, for a call to another host.
    package let baseURL: Template?
    package let headers: [HeaderTemplate]
    package let query: JSONTemplate?
    package let queryArrayFormat: QueryString.ArrayFormat?
    /// The whole body where no mapping makes one; otherwise merged below it.
    package let body: JSONTemplate?
    package let bodyFormat: BodyFormat
    package let bodyOptions: BodyOptions
    /// Where the data is in the response; nil: the whole response.
    package let responsePath: MappingExpression?
    /// Gives `{content, file_name, content_type}`, the content as base64: a download inside a document.
    package let responseFile: MappingExpression?
    /// Elements of an XML response that are arrays even where there is one.
    package let xmlArrays: Set<String>
    package let providerFormat: ProviderFormat
    /// nil: the integration's. `.some(nil)`: this call has no pages.
    package let pagination: Pagination??
    /// nil: the integration's.
    package let authorization: Authorization?
    /// No credentials at all: presigned addresses.
    package let noAuth: Bool
    /// Whether the call goes to any host, with credentials only where the host is one of the definition's.
    package let isAuthorizedAtOwnHosts: Bool
    /// A call of the session's own steps: it uses no session.
    package let noSession: Bool
    /// Whether sending the call twice does no more than sending it once. nil: only where it reads (RFC 9110 §9.2.1): a
    /// DELETE that is repeated is told that there is nothing to delete, and its caller that it has failed.
    package let idempotent: Bool?
    /// Whether what the call stores goes by itself unless a later call uses it: an upload that an application may name.
    package let isTemporary: Bool
    /// Bytes; nil: only the gateway's own limit.
    package let maxFileSize: Int?
    /// Bytes of the whole encoded request body; base64 counts as it is sent.
    package let maxBodySize: Int?
    /// Set where the call hands over an address from which the vendor fetches the file.
    package let fetchedFile: FetchedFile?
    /// Media types (`image/*` allowed) and extensions (`.pdf`); empty: any.
    package let acceptedTypes: [String]
    /// The same of files that the call does not take, where it takes all others.
    package let refusedTypes: [String]
    /// Answers that mean success; nil: 200…299.
    package let successStatuses: Set<Int>?
    /// Answers that may mean that there is no such record; a `get` then tries its next source. Default: 404.
    package let notFoundStatuses: Set<Int>
    /// Truthy: there is no such record, whatever the status says.
    package let notFoundExpression: MappingExpression?
    package let errorExpression: MappingExpression?
    package let addQueryToBody: Bool
    package let ignoreBody: Bool
    package let scopes: [String]

    init(resource: String, name: String, decoding reader: DefinitionReader) throws(CatalogError) {
        self.resource = resource
        self.name = name
        description = reader.text("description")
        documentationURL = reader.text("api_documentation_url", "documentation_url")
        httpMethod = (reader.text("method") ?? "get").uppercased()
        evidence = Evidence(decoding: reader)
        url = try reader.template("url")
        let path = try reader.template("path")
        guard path != nil || url != nil else { throw reader.fault([], "'path' is missing") }
        if path != nil, url != nil { throw reader.fault(["url"], "a call has a 'path' or a 'url', not both") }
        self.path = path ?? .empty
        pathSlashes = Set(reader.texts("path_slashes"))
        baseURL = try reader.template("base_url")
        headers = try reader.headers()
        query = try reader.tree("query")
        queryArrayFormat = reader.word("query_array_format")
        body = try reader.tree("body")
        bodyFormat = reader.word("body_format") ?? .json
        bodyOptions = BodyOptions(decoding: reader.child("body_format_config"))
        responsePath = reader.expression("response_path")
        responseFile = reader.expression("response_file")
        xmlArrays = Set(reader.texts("xml_arrays"))
        providerFormat = reader.word("api_response_format") ?? .json
        if reader.has("pagination"), reader.child("pagination") == nil {
            pagination = .some(nil)
        } else {
            pagination = try reader.child("pagination").map { (child) throws(CatalogError) in
                try Pagination(decoding: child)
            }
        }
        authorization = try reader.child("authorization").map { (child) throws(CatalogError) in
            try Authorization(decoding: child)
        }
        noAuth = reader.bool("no_auth") ?? false
        isAuthorizedAtOwnHosts = reader.text("auth") == "own_hosts"
        noSession = reader.bool("no_session") ?? false
        idempotent = reader.bool("idempotent", "retry_safe")
        isTemporary = reader.bool("temporary") ?? false
        maxFileSize = reader.byteSize("max_file_size")
        maxBodySize = reader.byteSize("max_body_size")
        fetchedFile = reader.child("file_url").map(FetchedFile.init(decoding:))
        acceptedTypes = reader.texts("accepted_types").map { $0.lowercased() }
        refusedTypes = reader.texts("refused_types").map { $0.lowercased() }
        successStatuses = reader.ints("success_statuses")
        notFoundStatuses = reader.ints("not_found_statuses") ?? [404]
        notFoundExpression = reader.expression("not_found_expression")
        errorExpression = reader.expression("error_expression")
        addQueryToBody = reader.bool("add_query_to_body") ?? false
        ignoreBody = reader.bool("ignore_body", "set_body_to_null") ?? false
        scopes = reader.texts("scopes")
    }

    /// Whether it picks one record by its id from a list of pages, and so has to be asked page by page.
    package var looksThroughPages: Bool {
        guard let pagination, pagination != nil else { return false }
        return responsePath?.source.contains("$id") == true
    }

    package func isSuccess(_ status: Int) -> Bool {
        successStatuses?.contains(status) ?? (200..<300).contains(status)
    }

    /// Whether it only reads (RFC 9110 §9.2.1), by its HTTP method.
    package var isSafe: Bool { httpMethod == "GET" || httpMethod == "HEAD" }

    /// Whether the call may change something that stays, or that a repeat would change once more.
    ///
    /// - Parameter isMain: whether it is the call itself, and not a step before or after it. A step that may be sent twice, or
    ///   whose result goes by itself, leaves nothing behind that a repeat of the whole would have to know of: vendors that
    ///   read by POST say so by `idempotent`. Of the call itself it has to be known whether it was carried out.
    package func mayChange(isMain: Bool) -> Bool {
        if isSafe { return false }
        return isMain || !(idempotent == true || isTemporary)
    }

    /// Bytes of the largest file that the call can take, also for its whole body's sake; nil: it states no limit.
    package var largestFile: Int? {
        // Of a body made of text the file is base64, four bytes for three.
        let room = maxBodySize.map { bodyFormat == .json || bodyFormat == .xml ? $0 / 4 * 3 : $0 }
        return [maxFileSize, room].compactMap(\.self).min()
    }

    /// Whether the provider takes a file of this name and media type.
    ///
    /// Of types that it accepts either may speak for the file, since clients get one of them wrong often. A file is
    /// refused only where its media type says what it is: `application/octet-stream` and no type at all say nothing.
    /// Of types that it refuses either speaks against the file.
    package func accepts(fileName: String?, contentType: String?) -> Bool {
        if refusedTypes.isEmpty, acceptedTypes.isEmpty { return true }
        let type = FileKind(fileName: fileName, contentType: contentType)
        if type.isNamed(in: refusedTypes) { return false }
        return acceptedTypes.isEmpty || type.isNamed(in: acceptedTypes) || type.isUnknown
    }
}

/// How members of the body that are no plain values are written in `form` and `multipart`.
package struct BodyOptions: Sendable, Hashable {
    /// Names of array members; files in an array always repeat the name unless this says otherwise.
    package var arrayFormat: QueryString.ArrayFormat = .brackets
    /// Nested objects as one part of JSON text instead of `a[b]`.
    package var nestedAsJSON = false
    /// The element around an XML body.
    package var xmlRoot: String?
    /// The member sent as the body in `raw`; nil: the mapped body itself.
    package var rawMember: String?
    /// Replaces the content type of the format: `application/vnd.api+json`.
    package var contentType: String?
}

/// What a file's name and media type say of it.
private struct FileKind {
    /// With its dot; nil where the name has none.
    private let fileExtension: String?
    /// Without parameters.
    private let mediaType: String

    init(fileName: String?, contentType: String?) {
        let name = fileName?.lowercased()
        fileExtension = name.flatMap { name in name.lastIndex(of: ".").map { String(name[$0...]) } }
        mediaType = String((contentType?.lowercased().prefix { $0 != ";" } ?? "").filter { $0 != " " })
    }

    var isUnknown: Bool { mediaType.isEmpty || mediaType == "application/octet-stream" }

    /// Whether one of them is in a list of extensions and media types.
    func isNamed(in types: [String]) -> Bool {
        if let fileExtension, types.contains(fileExtension) { return true }
        guard !isUnknown else { return false }
        let family = mediaType.prefix { $0 != "/" } + "/*"
        return types.contains(mediaType) || types.contains(String(family))
    }
}
