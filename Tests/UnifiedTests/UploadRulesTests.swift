import JSON
import Multipart
import NIOCore
import Testing

@testable import Catalog
@testable import Unified

/// What the fields of an upload mean, without any socket.
@Suite struct UploadRulesTests {
    @Test(
        arguments: [
            (("a.pdf", "x/y"), ("b.txt", "text/plain"), "a.pdf", "x/y"),
            ((nil, nil), ("b.txt", "text/plain"), "b.txt", "text/plain"),
            (("a.pdf", nil), ("b.txt", "application/octet-stream"), "a.pdf", "application/pdf"),
            ((nil, nil), ("cv.pdf", nil), "cv.pdf", "application/pdf"),
            ((nil, nil), ("cv.pdf", "application/octet-stream"), "cv.pdf", "application/pdf"),
            ((nil, nil), ("cv.xyz", "application/octet-stream"), "cv.xyz", "application/octet-stream"),
            ((nil, nil), ("cv.pdf", "text/plain;charset=US-ASCII"), "cv.pdf", "application/pdf"),
            ((nil, nil), ("cv.pdf", "text/plain"), "cv.pdf", "text/plain"),
            ((nil, nil), (nil, "application/pdf"), "file.pdf", "application/pdf"),
            ((nil, nil), ("", "image/png; a=b"), "file.png", "image/png; a=b"),
            ((nil, nil), (nil, nil), "file", nil),
            ((nil, "application/pdf"), ("cv", "nonsense"), "cv", "application/pdf"),
            (("../..", nil), ("cv.pdf", nil), "cv.pdf", "application/pdf"),
            (("../x/cv.pdf", nil), (nil, nil), "cv.pdf", "application/pdf"),
        ] as [((String?, String?), (String?, String?), String, String?)])
    func `name and type`(
        stated: (String?, String?), own: (String?, String?), name: String, type: String?
    ) {
        let file = FileDescription(stated: (stated.0, stated.1), own: (own.0, own.1))
        #expect(file.name == name)
        #expect(file.contentType == type)
    }

    static let mapped: Set<String> = ["candidate_id", "candidate", "candidate.id"]

    @Test(
        arguments: [
            (mapped, ["candidate_id", "file_name", "content_type", "remote_data"], [], true),
            (mapped, ["candidate_id", "file_name", "content_type"], [], false),
            (mapped, ["candidate_id", "file_name", "content_type", "remote_data"], ["candidate_id"], false),
            (mapped, ["candidate[id]", "file_name", "content_type", "remote_data"], [], false),
            ([], ["file_name", "content_type", "remote_data[a]"], [], true),
            (nil, ["candidate_id", "file_name", "content_type", "remote_data"], [], false),
        ] as [(Set<String>?, [String], [String], Bool)])
    func `a file may go when nothing behind it can matter`(
        mapped: Set<String>?, fields: [String], null: [String], known: Bool
    ) {
        let given = fields.filter { !null.contains($0) }
        #expect(RequiredFields(mapped).areAll(among: fields, given: given) == known)
    }

    static func json(_ text: String) throws -> JSONObject { try #require(try JSONValue.parse(text).object) }

    static func members() throws -> BodyMembers {
        let plan = try Catalog(folders: []).plan(
            model: "ats", resource: "attachments", method: "create", integration: "lever")
        return BodyMembers(plan)
    }

    @Test(arguments: [
        #"{"candidate_id":"1","attachment_type":"resume","anything":1,"file":5}"#, #"{"candidate":{"id":"1"}}"#,
        #"{"candidate_id":17}"#, #"{"candidate":{"id":17,"name":"x"}}"#, #"{"candidate.id":"1"}"#,
        #"{"note":{"candidateId":1}}"#,
    ])
    func `what is understood passes`(body: String) throws {
        #expect(throws: Never.self) { try Self.members().check(body: Self.json(body)) }
    }

    @Test(
        arguments: [
            (#"{"candidateId":"1"}"#, "unknown_body_field", "candidateId", "Did you mean candidate_id?"),
            (#"{"candidate-id":"1"}"#, "unknown_body_field", "candidate-id", "Did you mean candidate_id?"),
            (#"{"CANDIDATE_ID":"1"}"#, "unknown_body_field", "CANDIDATE_ID", "Did you mean candidate_id?"),
            (#"{"File":"1"}"#, "unknown_body_field", "File", "Did you mean file?"),
            (#"{"fileName":"1"}"#, "unknown_body_field", "fileName", "Did you mean file_name?"),
            (#"{"candidate":{"ID":"1"}}"#, "unknown_body_field", "candidate[ID]", "Did you mean candidate[id]?"),
            (#"{"candidate_id":""}"#, "invalid_body", "candidate_id", "Send an id, or leave candidate_id out"),
            (#"{"candidate_id":" "}"#, "invalid_body", "candidate_id", nil),
            (#"{"candidate.id":""}"#, "invalid_body", "candidate.id", nil),
            (#"{"candidate_id":["1","2"]}"#, "invalid_body", "candidate_id", nil),
            (#"{"candidate_id":true}"#, "invalid_body", "candidate_id", nil),
            (#"{"candidate":"1"}"#, "invalid_body", "candidate", nil),
            (#"{"candidate":{"id":""}}"#, "invalid_body", "candidate", nil),
            (#"{"candidate":{}}"#, "invalid_body", "candidate", "Send candidate_id, or candidate with an id, or leave candidate out"),
            (#"{"application":{"status":"new"}}"#, "invalid_body", "application", nil),
            (#"{"candidate":{"id":{}}}"#, "invalid_body", "candidate", nil),
            (#"{"attachment_type":["resume"]}"#, "invalid_body", "attachment_type", nil),
        ] as [(String, String, String, String?)])
    func `what would be lost is refused`(body: String, code: String, param: String, hint: String?) throws {
        let error = #expect(throws: APIError.self) { try Self.members().check(body: Self.json(body)) }
        #expect(error?.code.name == code)
        #expect(error?.param == param)
        #expect(error?.hint != nil)
        if let hint { #expect(error?.hint == hint) }
    }

    @Test(arguments: [
        (#"{"a":null,"b":{"c":null,"d":1},"e":[null]}"#, false, #"{"b":{"d":1},"e":[null]}"#),
        (#"{"a":null}"#, true, #"{"a":null}"#),
        (#"{"candidate":{"id":null},"job":{},"a":{"b":{"c":null}}}"#, false, #"{"job":{}}"#),
        (#"{"file_url":"","file_name":"","content_type":"","x":""}"#, false, #"{"x":""}"#),
    ])
    func `null is absent, and so are texts that nobody filled in`(body: String, keepsNull: Bool, result: String) throws {
        let fields = try Self.json(body).elements.map { (name: $0.key, value: FormValue.json($0.value)) }
        #expect(JSONValue.object(try FormFields(fields, isJSON: true, keepsNull: keepsNull).body).text() == result)
    }

    @Test func `remote data is an object, and JSON text of one in a form alone`() throws {
        let text = FormValue.text(ByteBuffer(string: #"{"a":null}"#))
        #expect(try FormFields([("remote_data", text)], isJSON: false).remoteData == ["a": .null])
        #expect(try FormFields([("remote_data", .json(["a": .null]))], isJSON: true).remoteData == ["a": .null])
        for value in [#""{\"a\":1}""#, "5", "[]"] {
            let error = #expect(throws: APIError.self) {
                try FormFields([("remote_data", .json(try JSONValue.parse(value)))], isJSON: true)
            }
            #expect(error?.code == .invalidRemoteData)
            #expect(error?.hint != nil)
        }
    }

    @Test(
        arguments: [
            FormError.Code.invalidBoundary, .boundaryNotFound, .malformedBoundaryLine, .bareLineBreak, .malformedHead, .unnamedPart,
            .transferEncoding, .truncated, .notJSON, .notAnObject, .duplicateFile, .undecodableFile, .standInForFile,
            .addressInFile, .ambiguousText, .notAForm, .unreadableName, .invalidBase64, .tooMany, .tooLarge, .tooDeep,
        ], [true, false])
    func `every fault of a body says what to do`(code: FormError.Code, isJSON: Bool) {
        let error = APIError(FormError(code, "something is wrong"), isJSON: isJSON)
        #expect(error.hint?.isEmpty == false)
        #expect(error.message == "Something is wrong")
        if code == .tooMany || code == .tooDeep { #expect(error.code == (isJSON ? .invalidJSON : .invalidMultipart)) }
    }

    @Test(arguments: [
        ("{}", "{}", false), (#"{"candidate_id":"1"}"#, "{}", true), ("{}", #"{"candidate_id":"1"}"#, true),
        (#"{"candidate":{"id":"1"}}"#, "{}", true), (#"{"application_id":"1"}"#, "{}", true),
        (#"{"candidate_id":""}"#, #"{"candidate":{}}"#, false), (#"{"job_id":"1"}"#, "{}", false),
    ])
    func `whose a file is`(body: String, query: String, given: Bool) throws {
        #expect(RecordReference.isGiven(body: try Self.json(body), query: try Self.json(query)) == given)
    }

    @Test(arguments: [
        ("create", "query.opportunity_id", ["candidate_id", "application_id"]), ("download", "query.opportunity_id", ["file_url"]),
        ("delete", "id", ["id"]), ("list", "context.api_key", []), ("list", "subdomain", []),
    ])
    func `what a caller can send in place of a placeholder`(method: String, placeholder: String, names: [String]) throws {
        let plan = try Catalog(folders: []).plan(
            model: "ats", resource: "attachments", method: method, integration: "lever")
        #expect(Set(plan.callerParameters(behind: placeholder)) == Set(names))
        for query in [JSONObject(), ["file_url": "x", "candidate_id": "y"]] {
            for code in [CatalogError.Code.unresolvedPlaceholder, .unsafeValue] {
                let error = APIError(
                    CatalogError(code, "'{{\(placeholder)}}' in '/v1' has no value", placeholder: placeholder), plan: plan,
                    query: query)
                #expect(!"\(error)".contains("opportunity"))
                #expect(error.hint != nil)
            }
        }
    }
}
