import Catalog
import HTTPTypes
import JSON
import Testing

/// The five ways in which vendors take files, each as a definition can say it.
struct `A file reaches a vendor` {
    static let file = FileHandle(token: "f1", name: "cv.pdf", contentType: "application/pdf", size: 9)

    /// Bodies of all requests of a create, in the notation of contract examples: a file is its token and form.
    static func bodies(_ calls: String, _ mapping: String, _ responses: [JSONValue] = []) throws -> [String] {
        let vendor = """
            label: V
            base_url: https://a.test
            authorization: {format: bearer, config: {token: t}}
            resources:
              things:
            \(calls)
            """
        let text = "resources:\n  things:\n    create:\n" + mapping
        let plan = try Sample.plan("create", integration: vendor, mapping: text)
        var machine = CallMachine(plan, CallInput(body: ["file": file.json, "candidate_id": "c"]))
        var action = try machine.start()
        var bodies: [String] = []
        var rest = responses[...]
        while case .send(let request, _) = action {
            let signed = request.authorization.isEmpty ? "unsigned " : ""
            bodies.append(signed + request.url.replacing("https://", with: "") + " " + describe(request.body))
            guard let response = rest.popFirst() else { break }
            action = try machine.received(ProviderResponse(status: 200, json: response))
        }
        return bodies
    }

    static func describe(_ body: OutgoingBody) -> String {
        switch body {
        case .none: "nothing"
        case .json(let value): describe(value)
        case .multipart(let parts):
            parts.map { part in
                switch part.content {
                case .text(let text): "\(part.name)=\(text)"
                case .file(let file): "\(part.name)=<\(file.token)>"
                case .blob: "\(part.name)=<blob>"
                }
            }.joined(separator: "&")
        case .raw(let value, _): describe(value)
        case .form, .xml: "other"
        }
    }

    static func describe(_ value: JSONValue) -> String {
        if let file = FileHandle(value) { return "<\(file.token) \(file.form.rawValue)>" }
        guard let object = value.object else { return value.text() }
        return "{" + object.elements.map { "\($0.key): \(describe($0.value))" }.joined(separator: ", ") + "}"
    }

    @Test func `as a part of a form`() throws {
        let bodies = try Self.bodies(
            "    create: {method: post, path: /f, body_format: multipart}",
            "      request_body_mapping: '{\"kind\": \"cv\", \"upload\": body.file}'"
        )
        #expect(bodies == ["a.test/f kind=cv&upload=<f1>"])
    }

    @Test func `as base64 inside JSON`() throws {
        let bodies = try Self.bodies(
            "    create: {method: post, path: /f}",
            "      request_body_mapping: '{\"filename\": body.file.name, \"content\": $merge([body.file, {\"as\": \"base64\"}])}'"
        )
        #expect(bodies == ["a.test/f {filename: \"cv.pdf\", content: <f1 base64>}"])
    }

    @Test func `as an address that the vendor fetches`() throws {
        let bodies = try Self.bodies(
            "    create: {method: post, path: /f}",
            "      request_body_mapping: '{\"data\": {\"url\": $merge([body.file, {\"as\": \"url\"}])}}'"
        )
        #expect(bodies == ["a.test/f {data: {url: <f1 url>}}"])
    }

    @Test func `by a presigned address on another host, without credentials there`() throws {
        let bodies = try Self.bodies(
            """
                handle: {method: post, path: /handle, response_path: results}
                put: {method: post, path: "", base_url: "{{before.handle.url}}", no_auth: true, body_format: multipart}
                create: {method: post, path: /attach}
            """,
            """
                  before:
                    - name: handle
                      config: {resource: things, method: handle, body: {filename: "{{body.file.name}}", size: "{{body.file.size:any}}"}}
                    - name: put
                      config:
                        resource: things
                        method: put
                        body: {$truto_merge: "{{before.handle.fields:json}}", file: "{{body.file}}"}
                  request_body_mapping: '{"candidateId": body.candidate_id, "fileHandle": before.handle.handle}'
            """,
            [["results": ["handle": "h1", "url": "https://storage.test/bucket", "fields": ["key": "k", "policy": "p"]]], [:]]
        )
        #expect(
            bodies == [
                "a.test/handle {filename: \"cv.pdf\", size: 9}", "unsigned storage.test/bucket key=k&policy=p&file=<f1>",
                "a.test/attach {candidateId: \"c\", fileHandle: \"h1\"}",
            ]
        )
    }

    @Test func `as a temporary upload and a reference to it`() throws {
        let bodies = try Self.bodies(
            """
                upload: {method: post, path: /uploads, body_format: raw, body_format_config: {member: file}}
                create: {method: post, path: /attach}
            """,
            """
                  before: [{name: upload, config: {resource: things, method: upload, body: {file: "{{body.file}}"}}}]
                  request_body_mapping: '{"upload_id": before.upload.id}'
            """, [["id": "u1"]]
        )
        #expect(bodies == ["a.test/uploads <f1 bytes>", "a.test/attach {upload_id: \"u1\"}"])
    }
}
