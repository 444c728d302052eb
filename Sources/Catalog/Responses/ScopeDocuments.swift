import JSON
import JSONata

/// The names of response mappings in a page's workspace: made once for definitions, and once for overrides, which see
/// no secrets.
final class ScopeDocuments {
    private let input: MappingInput
    private let page: ResponsePage
    private var made: [Bool: [(String, Workspace.Document)]] = [:]
    /// Whole inputs, whose last member is `response`.
    private var inputs: [Bool: Workspace.Document] = [:]

    init(_ input: MappingInput, _ page: ResponsePage) {
        self.input = input
        self.page = page
    }

    /// The scope of an expression that reads one record.
    func input(for expression: MappingExpression, response: Workspace.Document) -> Workspace.Document {
        let seesSecrets = expression.origin.seesSecrets
        if let known = inputs[seesSecrets] { return page.workspace.object(known, last: response) }
        let fresh = page.input(seen(by: expression), response: response)
        inputs[seesSecrets] = fresh
        return fresh
    }

    func seen(by expression: MappingExpression) -> [(String, Workspace.Document)] {
        let seesSecrets = expression.origin.seesSecrets
        if let known = made[seesSecrets] { return known }
        let documents = input.seen(by: expression.origin).elements.map { ($0.key, page.workspace.document($0.value)) }
        made[seesSecrets] = documents
        return documents
    }
}
