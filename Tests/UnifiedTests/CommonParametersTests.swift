import Encodings
import JSON
import Multipart
import Testing
import Unified

/// docs/wire.md#query-parameters.
@Suite struct CommonParametersTests {
    static let id = "3f2c1d5e-8a4b-4c6d-9e0f-112233445566"

    private func parameters(_ query: String) throws -> CommonParameters {
        try CommonParameters(try QueryString.parse(query))
    }

    @Test(arguments: [
        ("true", true), ("TRUE", true), ("1", true), ("false", false), ("False", false), ("0", false),
    ])
    func `booleans are true, false, 1 and 0 in any case`(text: String, value: Bool) throws {
        #expect(try parameters("truto_ignore_remote_data=\(text)").ignoreRemoteData == value)
        #expect(try parameters("truto_body_passthrough=\(text)").bodyPassthrough == value)
        #expect(try parameters("truto_ignore_limit=\(text)").ignoreLimit == value)
    }

    @Test(arguments: [
        ("truto_ignore_remote_data=yes", "truto_ignore_remote_data"), ("truto_body_passthrough=", "truto_body_passthrough"),
        ("truto_ignore_limit=2", "truto_ignore_limit"), ("truto_response_format=xml", "truto_response_format"),
        ("truto_response_format=", "truto_response_format"), ("remote_query=x", "remote_query"),
        ("truto_key_by[a]=x", "truto_key_by"), ("truto_exclude_fields[a][b]=x", "truto_exclude_fields"),
        ("truto_expand[a][b]=x", "truto_expand"),
        ("truto_response_format=raw&truto_response_format=unified", "truto_response_format"),
    ])
    func `a bad value is refused and names its parameter`(query: String, name: String) throws {
        let error = try #require(throws: APIError.self) { try parameters(query) }
        #expect(error.code == .invalidQueryParameter)
        #expect(error.param == name)
        #expect(error.status == 400)
    }

    @Test(arguments: ResponseFormat.allCases)
    func `every response format is accepted`(format: ResponseFormat) throws {
        #expect(try parameters("truto_response_format=\(format.rawValue)").format == format)
    }

    @Test func `an unknown format is answered with the list of formats`() throws {
        let error = try #require(throws: APIError.self) { try parameters("truto_response_format=csv") }
        for format in ResponseFormat.allCases { #expect(error.message.contains(format.rawValue)) }
    }

    @Test(arguments: [
        "truto_exclude_fields[]=id&truto_exclude_fields[]=name", "truto_exclude_fields[0]=id&truto_exclude_fields[1]=name",
        "truto_exclude_fields=id&truto_exclude_fields=name", "truto_exclude_fields=id,name",
        "truto_exclude_fields%5B%5D=id%2C%20name", "truto_exclude_fields=id,,name", "truto_exclude_fields=%20id%20,%20name%20",
    ])
    func `excluded fields may be written in every list form`(query: String) throws {
        #expect(try parameters(query).excludedFields == ["id", "name"])
        let expanded = query.replacing("truto_exclude_fields", with: "truto_expand")
        #expect(try parameters(expanded).expandedFields == ["id", "name"])
    }

    @Test func `everything else is the unified query`() throws {
        let parameters = try parameters(
            "integrated_account_id=\(Self.id)&candidate_id=7&created_at[gt]=2024-01-01&next_cursor=&limit=5"
                + "&remote_query[a][b]=1&truto_key_by=id")
        #expect(parameters.query.keys == ["candidate_id", "created_at", "limit"])
        #expect(parameters.remoteQuery["a"]?["b"] == "1")
        #expect(parameters.keyBy == "id")
    }

    @Test(arguments: [
        "", "integrated_account_id=",
    ])
    func `a missing account is told in the insight`(query: String) throws {
        let error = try #require(throws: APIError.self) { try CommonParameters.accountID(try QueryString.parse(query)) }
        #expect(error.code == .missingQueryParameter)
        #expect(error.insight["missing_required_query_parameters"]?["value"] == ["integrated_account_id"])
    }

    @Test(arguments: [
        "1", "not-a-uuid", "3f2c1d5e8a4b4c6d9e0f112233445566", "3f2c1d5e-8a4b-4c6d-9e0f-11223344556g",
        "3f2c1d5e-8a4b-4c6d-9e0f-1122334455660",
    ])
    func `an account id that is no UUID is refused`(id: String) throws {
        let error = try #require(throws: APIError.self) {
            try CommonParameters.accountID(try QueryString.parse("integrated_account_id=\(id)"))
        }
        #expect(error.code == .invalidQueryParameter)
    }
}
