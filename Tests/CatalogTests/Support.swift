import Catalog
import HTTPTypes
import JSON

/// A catalog of one model and one vendor, written down in the test that uses it.
enum Sample {
    static let model = """
        label: Things
        resources:
          things:
            schema:
              type: object
              properties:
                id: {type: string, description: The id.}
                name: {type: string}
                owner: {type: object, properties: {id: {type: string}}}
                remote_data: {type: object}
            methods:
              list:
                query: {owner_id: {type: string}}
              get: {}
              create:
                body:
                  file: {type: string, format: binary, required: true}
                  name: ~
              delete: {}
        """

    static let integration = """
        label: Vendor
        base_url: https://api.vendor.test/v1/
        headers: {Accept: application/json, X-Old: "1"}
        authorization: {format: bearer, config: {token: "{{api_key}}"}}
        resources:
          things:
            list: {path: "/owners/{{query.owner}}/things"}
            get: {path: "/things/{{id}}"}
            create: {method: post, path: /things, body_format: multipart}
            delete: {method: delete, path: "/things/{{id}}"}
        """

    static let mapping = """
        resources:
          things:
            list:
              query_mapping: '{"owner": query.owner_id, "q": query.q}'
              response_mapping: '{"id": response.id, "name": response.title}'
            get:
              response_mapping: '{"id": response.id, "name": response.title}'
            create:
              request_body_mapping: '{"file": body.file}'
            delete: {}
        """

    static func catalog(
        model: String = model, integration: String = integration, mapping: String = mapping,
        more: [String: String] = [:]
    ) -> Catalog {
        var texts = [
            "unified/demo.yaml": model, "integrations/vendor/integration.yaml": integration,
            "integrations/vendor/demo.yaml": mapping,
        ]
        texts.merge(more) { $1 }
        return Catalog(files: CatalogFiles(texts: texts))
    }

    static func plan(
        _ method: String, integration: String = integration, mapping: String = mapping, environment: Overrides? = nil,
        account: Overrides? = nil
    ) throws -> MethodPlan {
        try catalog(integration: integration, mapping: mapping).plan(
            model: "demo", resource: "things", method: method, integration: "vendor", environmentOverrides: environment,
            accountOverrides: account
        )
    }

    /// The request of a plan with one call.
    static func request(_ plan: MethodPlan, _ scope: CallInput) throws -> OutgoingRequest {
        guard case .single(let call) = try plan.route(for: scope) else { throw SampleError.notOneCall }
        return try RequestBuilder(plan, call).build(scope)
    }

    /// The request of a provider method given as YAML, without any mapping.
    static func request(
        method yaml: String, integration head: String = "base_url: https://api.vendor.test", _ scope: CallInput
    ) throws -> OutgoingRequest {
        let text = "label: Vendor\n\(head)\nresources:\n  things:\n    call: \(yaml)\n"
        let vendor = try catalog(integration: text).integration("vendor")
        guard let method = vendor.resources["things"]?.methods["call"] else { throw SampleError.notOneCall }
        return try RequestBuilder(vendor, method).build(scope)
    }

    enum SampleError: Error { case notOneCall }
}

extension OutgoingRequest {
    /// Query and headers as lines, which are easy to compare.
    var queryLines: [String] { query.map { "\($0.name)=\($0.value)" } }
    var headerLines: [String] { headers.map { "\($0.name): \($0.value)" } }
}

/// The catalog error that a closure throws.
func caught(_ body: () throws -> Void) -> CatalogError? {
    do {
        try body()
        return nil
    } catch {
        return error as? CatalogError
    }
}

extension Catalog {
    private static let shared = Result { try Catalog() }

    /// The built-in definitions, read once: reading them takes longer than most tests.
    static func builtIn() throws -> Catalog { try shared.get() }
}
