import Catalog
import JSON
import Testing

struct `Outgoing bodies` {
    static let file = FileHandle(token: "f1", name: "cv.pdf", contentType: "application/pdf", size: 9)

    static func body(_ method: String, _ body: JSONValue, remote: JSONObject? = nil) throws -> OutgoingBody {
        try Sample.request(method: "{method: post, path: /x, \(method)}", CallInput(body: body, remoteData: remote)).body
    }

    /// Parts as lines: `name=text`, `name=<token>`.
    static func parts(_ body: OutgoingBody) -> [String] {
        guard case .multipart(let parts) = body else { return ["not multipart"] }
        return parts.map { part in
            switch part.content {
            case .text(let text): "\(part.name)=\(text)"
            case .file(let file): "\(part.name)=<\(file.token)>"
            case .blob(let blob): "\(part.name)=<\(blob.base64)>"
            }
        }
    }

    @Test func `of multipart calls keep the order and the files`() throws {
        let body = try Self.body(
            "body_format: multipart",
            ["a": "1", "file": Self.file.json, "tags": ["x", "y"], "p": ["q": 2], "none": nil, "b": ["$blob": ["base64": "eA=="]]]
        )
        #expect(Self.parts(body) == ["a=1", "file=<f1>", "tags[]=x", "tags[]=y", "p[q]=2", "b=<eA==>"])
    }

    @Test func `of multipart calls follow the definition's options`() throws {
        let body = try Self.body(
            "body_format: multipart, body_format_config: {array_format: repeat, nested: json}",
            ["files": [Self.file.json, Self.file.json], "p": ["q": [1]]]
        )
        #expect(Self.parts(body) == ["files=<f1>", "files=<f1>", #"p={"q":[1]}"#])
    }

    @Test func `take remote_data last, deep, and let it win`() throws {
        let body = try Self.body(
            "body_format: multipart", ["file": Self.file.json, "p": ["a": "1", "b": "1"]], remote: ["p": ["b": "2"], "new": "3"]
        )
        #expect(Self.parts(body) == ["file=<f1>", "p[a]=1", "p[b]=2", "new=3"])
        guard case .json(let json) = try Self.body("body_format: json", ["a": [1, 2]], remote: ["a": [3]]) else {
            Issue.record("not JSON")
            return
        }
        #expect(json == ["a": [3]])
    }

    @Test func `of forms hold no files, but addresses of files`() throws {
        guard case .form(let pairs) = try Self.body("body_format: form", ["a": "1", "b": ["c": true]]) else {
            Issue.record("not a form")
            return
        }
        let texts = pairs.map { pair in if case .text(let text) = pair.content { "\(pair.name)=\(text)" } else { pair.name } }
        #expect(texts == ["a=1", "b[c]=true"])
        var address = Self.file
        address.form = .url
        guard case .form(let parts) = try Self.body("body_format: form", ["file": address.json]), let part = parts.first,
            case .file(let file) = part.content
        else {
            Issue.record("no address")
            return
        }
        #expect(file == address && parts.count == 1)
        #expect(caught { _ = try Self.body("body_format: form", ["file": Self.file.json]) }?.code == .invalidDefinition)
    }

    @Test func `of raw calls are one member`() throws {
        guard
            case .raw(let value, let type) = try Self.body(
                "body_format: raw, body_format_config: {member: file, content_type: application/x-y}", ["file": Self.file.json]
            )
        else {
            Issue.record("not raw")
            return
        }
        #expect(FileHandle(value) == Self.file)
        #expect(type == "application/x-y")
    }

    @Test func `of XML calls are escaped`() throws {
        guard
            case .xml(let pieces) = try Self.body(
                "body_format: xml, body_format_config: {root: r}", ["a": ["@k": "\"<", "#text": "1&2"], "b": [1, 2], "c": nil]
            )
        else {
            Issue.record("not XML")
            return
        }
        guard case .text(let text)? = pieces.first else {
            Issue.record("no text")
            return
        }
        #expect(text.hasSuffix("<r><a k=\"&quot;&lt;\">1&amp;2</a><b>1</b><b>2</b><c/></r>"))
    }

    @Test func `of reading calls are empty`() throws {
        let request = try Sample.request(method: "{path: /x}", CallInput(body: ["a": 1]))
        guard case .none = request.body else {
            Issue.record("a GET has a body")
            return
        }
    }

    @Test(arguments: FileHandle.Form.allCases)
    func `keep the form a file was asked for in`(form: FileHandle.Form) {
        var file = Self.file
        file.form = form
        #expect(FileHandle(file.json) == file)
    }
}
