import JSON
import JSONata

/// The names of response mappings in a page's workspace: made once for definitions, and once for overrides, which see
/// no secrets.
final class ScopeDocuments {
    private let input: MappingInput
    private let page: ResponsePage
    private var made: [Bool: [(String, Workspace.Document)]] = [:]

    init(_ input: MappingInput, _ page: ResponsePage) {
        self.input = input
        self.page = page
    }

    func seen(by expression: MappingExpression) -> [(String, Workspace.Document)] {
        let seesSecrets = expression.origin.seesSecrets
        if let known = made[seesSecrets] { return known }
        let documents = input.seen(by: expression.origin).elements.map { ($0.key, page.workspace.document($0.value)) }
        made[seesSecrets] = documents
        return documents
    }
}
