import Catalog
import HTTPTypes
import JSON
import Testing

struct `Refusals of a provider` {
    static func failure(_ response: ProviderResponse) throws -> ProviderFailure? { try failure("", response) }

    static func failure(_ head: String, _ response: ProviderResponse, mapping: String = "{}") throws -> ProviderFailure? {
        let vendor =
            "label: V\nbase_url: https://a.test\n\(head)\nresources: {things: {get: {path: \"/x/{{id}}\", success_statuses: [200, 201]}}}"
        let plan = try Sample.plan("get", integration: vendor, mapping: "resources: {things: {get: \(mapping)}}")
        return try Play(plan, CallInput(id: "1"), [response]).failure
    }

    @Test func `are statuses outside the definition's list`() throws {
        #expect(try Self.failure(ProviderResponse(status: 202, json: nil)) != nil)
        #expect(try Self.failure(ProviderResponse(status: 201, json: ["id": 1])) == nil)
    }

    @Test func `hide in a 200 where the definition knows how`() throws {
        let head = "error_expression: 'data.success = false ? {\"status\": 403, \"message\": data.errorInfo.message}'"
        let failure = try Self.failure(head, ProviderResponse(status: 200, json: ["success": false, "errorInfo": ["message": "no"]]))
        #expect(failure?.status == 403)
        #expect(failure?.message == "no")
        #expect(try Self.failure(head, ProviderResponse(status: 200, json: ["success": true])) == nil)
    }

    @Test func `take their message from an expression that gives a text`() throws {
        let failure = try Self.failure("error_expression: data.why", ProviderResponse(status: 400, json: ["why": "w", "message": "m"]))
        #expect(failure?.message == "w")
        #expect(failure?.status == 400)
    }

    @Test func `may say that it was too much in their own way`() throws {
        let head =
            "rate_limit: {is_rate_limited: 'status = 403 and headers.`x-left` = \"0\"', "
            + "retry_after_header_expression: '\"X-Wait\"', rate_limit_header_expression: '1700000000 + 5'}"
        let failure = try Self.failure(
            head, ProviderResponse(status: 403, headers: [HTTPField.Name("X-Left")!: "0", HTTPField.Name("X-Wait")!: "3.5"], json: nil)
        )
        #expect(failure?.isRateLimited == true)
        #expect(failure?.retryAfter == 3.5)
        #expect(failure?.resetAt == 1_700_000_005)
        let other = try Self.failure(head, ProviderResponse(status: 403, headers: [HTTPField.Name("X-Left")!: "1"], json: nil))
        #expect(other?.isRateLimited == false)
    }

    @Test func `are put in other words by an error mapping`() throws {
        let failure = try Self.failure(
            "", ProviderResponse(status: 422, json: ["who": "x"]),
            mapping: "{error_mapping: '{\"status\": 409, \"message\": \"taken: \" & error.data.who, \"who\": error.data.who}'}"
        )
        #expect(failure?.status == 409)
        #expect(failure?.message == "taken: x")
        #expect(failure?.members == ["who": "x"])
    }

    @Test(arguments: [(404, true), (410, false), (403, false)])
    func `mean that there is no such record only by 404`(status: Int, isNotFound: Bool) throws {
        #expect(try Self.failure(ProviderResponse(status: status, json: nil))?.isNotFound == isNotFound)
    }
}

struct `Required parameters` {
    static let mapping = """
        resources:
          things:
            list:
              query_schema:
                owner_id: {required: true, description: The vendor's owner.}
                since: {type: string, required_if: "$exists(query.until)", conditionally_required: Needed with until.}
            create:
              request_body_schema:
                owner.id: {type: string, required: true}
        """

    static let calls: [(JSONObject, [String], String)] = [
        (["owner_id": "1"], [], ""), ([:], ["owner_id"], "owner_id is required"), (["owner_id": ""], ["owner_id"], "owner_id is required"),
        (["owner_id": nil], ["owner_id"], "owner_id is required"),
        (["until": "x"], ["owner_id", "since"], "owner_id and since are required"),
        (["owner_id": "1", "until": "x", "since": "y"], [], ""),
    ]

    @Test(arguments: calls)
    func `of the query are named where they are missing`(query: JSONObject, missing: [String], message: String) throws {
        let validation = try Sample.plan("list", mapping: Self.mapping).validate(CallInput(query: query))
        #expect(validation.missingQuery == missing)
        #expect(validation.message == message)
        #expect(validation.insight?["conditionally_required_query_parameters"]?["value"] == ["since": "Needed with until."])
        #expect((validation.insight?["missing_required_query_parameters"] == nil) == missing.isEmpty)
    }

    @Test func `of the body are those of the model and of the vendor`() throws {
        let plan = try Sample.plan("create", mapping: Self.mapping)
        #expect(try plan.validate(CallInput(body: ["name": "n"])).missingBody == ["file", "owner.id"])
        #expect(try plan.validate(CallInput(body: ["file": ["$file": "t"], "owner": ["id": "1"]])).isComplete)
    }

    @Test func `take type and description from the schema's field of their name`() throws {
        let plan = try Sample.plan("create", mapping: Self.mapping)
        let name = plan.unifiedMethod.body.first { $0.name == "name" }
        #expect(name?.schema == ["type": "string"])
        let list = try Sample.plan("list", mapping: Self.mapping)
        #expect(list.unifiedMethod.query.first?.description == "The vendor's owner.")
        #expect(list.unifiedMethod.query.first?.schema["type"] == "string")
    }
}
