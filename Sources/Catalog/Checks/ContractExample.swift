import HTTPTypes
import JSON

/// A recorded unified call: what the caller sends, what must reach the provider, what it responds, and what comes of it.
struct ContractExample {
    struct Exchange {
        var request: JSONObject
        var response: ProviderResponse

        /// As the call that it responds reads it.
        func response(to method: IntegrationMethod) -> ProviderResponse {
            guard !response.isDocument, let text = response.text else { return response }
            return ProviderResponse(status: response.status, headers: response.headers, body: Array(text.utf8), of: method)
        }
    }

    var file: String
    var description: String
    var model: String
    var resource: String
    var method: String
    var scope: CallInput
    var exchanges: [Exchange]
    /// Members that the result must have; nil where an error is expected.
    var result: JSONValue?
    /// Members that the error must have: the provider's, or with a `code` the gateway's own.
    var error: JSONObject?
    var hasNext: Bool?

    static let shape = Shape.object([
        Shape.field("description", shape: .text, required: true),
        Shape.field("model", shape: .text, required: true),
        Shape.field("resource", shape: .text, required: true),
        Shape.field("method", shape: .text, required: true),
        Shape.field(
            "account",
            shape: .object([
                Shape.field("authentication_method", shape: .text),
                Shape.field("context", shape: .map(.any, nullable: true)),
            ])),
        Shape.field(
            "call",
            shape: .object([
                Shape.field("id", shape: .text),
                Shape.field("query", shape: .map(.any, nullable: true)),
                Shape.field("body", shape: .any),
                Shape.field("remote_query", shape: .map(.any, nullable: true)),
                Shape.field("remote_data", shape: .map(.any, nullable: true)),
                Shape.field("limit", shape: CatalogShapes.positive),
                Shape.field("source", shape: .text),
                Shape.field("cursor", shape: .text),
            ]), required: true),
        Shape.field(
            "exchanges",
            shape: .list(
                .object([
                    Shape.field(
                        "request",
                        shape: .object([
                            Shape.field("method", shape: .text, required: true),
                            Shape.field("url", shape: .text, required: true),
                            Shape.field("query", shape: .map(.any, nullable: true)),
                            Shape.field("headers", shape: .map(.text, nullable: true)),
                            Shape.field("authorization", shape: .map(.text, nullable: true)),
                            Shape.field("body", shape: .any),
                        ]), required: true),
                    Shape.field(
                        "answer",
                        shape: .object([
                            Shape.field("status", shape: .integer(100...599), required: true),
                            Shape.field("headers", shape: .map(.text, nullable: false)),
                            Shape.field("body", shape: .any),
                            Shape.field("text", shape: .text),
                        ]), required: true),
                ])), required: true),
        Shape.field("result", shape: .any),
        Shape.field("has_next", shape: .bool),
        Shape.field(
            "error",
            shape: .object([
                Shape.field("status", shape: .integer(100...599), required: true),
                Shape.field("message", shape: .text),
                Shape.field("code", shape: .word(CallFault.Code.allCases.map(\.rawValue))),
                Shape.field("param", shape: .text),
                Shape.field("retry_after", shape: .number),
            ])),
    ])

    /// - Throws: `invalidDefinition`.
    init(file: String, text: String) throws(CatalogError) {
        let value: JSONValue
        do {
            value = try JSONValue.parse(text)
        } catch {
            let line = text.utf8.prefix(error.offset).filter { $0 == 10 }.count + 1
            let fault = DefinitionFault(file: file, line: line, path: "", message: "not JSON: \(error.message)")
            throw CatalogError(.invalidDefinition, "\(file) cannot be read", faults: [fault])
        }
        let faults = Self.shape.check(Definition(file: file, value: value))
        guard faults.isEmpty else { throw CatalogError(.invalidDefinition, "\(file) is not valid", faults: faults) }
        self.file = file
        description = value["description"]?.string ?? ""
        model = value["model"]?.string ?? ""
        resource = value["resource"]?.string ?? ""
        method = value["method"]?.string ?? ""
        let call = value["call"]
        let cursor = call?["source"]?.string.map { SourceCursor(source: $0, cursor: call?["cursor"]?.string).text }
        scope = CallInput(
            query: call?["query"]?.object ?? [:], body: call?["body"],
            context: value[path: ["account", "context"]]?.object ?? [:],
            authenticationMethod: value[path: ["account", "authentication_method"]]?.string, id: call?["id"]?.string,
            remoteQuery: call?["remote_query"]?.object ?? [:], remoteData: call?["remote_data"]?.object,
            limit: call?["limit"]?.int, cursor: cursor
        )
        exchanges =
            value["exchanges"]?.array?.map { exchange in
                Exchange(
                    request: exchange["request"]?.object ?? [:], response: ProviderResponse(example: exchange["answer"] ?? .null)
                )
            } ?? []
        result = value["result"]
        error = value["error"]?.object
        hasNext = value["has_next"]?.bool
    }
}

extension ProviderResponse {
    fileprivate init(example: JSONValue) {
        self.init(
            status: example["status"]?.int ?? 200,
            headers: Self.fields(example["headers"]?.object ?? [:]),
            json: example["body"], text: example["text"]?.string
        )
    }

    private static func fields(_ object: JSONObject) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in object {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value.string ?? "")) }
        }
        return fields
    }
}
