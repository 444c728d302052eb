import Catalog
import JSONata

/// Which fields of a form the mappings of a method may read: those must come before the file.
struct FieldsRead {
    /// nil: a mapping uses the body as a whole, so that every field counts.
    private let names: Set<String>?

    init(_ plan: MethodPlan) {
        var names: Set<String> = ["remote_data", "file", "file_name", "content_type"]
        for mapping in plan.bodyReaders {
            guard let expression = try? mapping.expression(), let read = expression.membersRead(of: "body") else {
                self.names = nil
                return
            }
            names.formUnion(read)
        }
        self.names = names
    }

    /// - Parameter field: a field's name as sent, such as `candidate[id]`.
    func contains(_ field: String) -> Bool {
        guard let names else { return true }
        return names.contains(String(field.prefix { $0 != "[" }))
    }
}
