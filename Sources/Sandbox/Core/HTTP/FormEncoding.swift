import Encodings
import JSON

/// Names and values of a query or of an `application/x-www-form-urlencoded` body, in their order.
struct FormEncoding: Sendable {
    let pairs: [(name: String, value: String)]

    init(pairs: [(name: String, value: String)]) { self.pairs = pairs }

    init(_ text: some StringProtocol) { pairs = URLEncodedForm.pairs(text) }

    /// The texts and numbers of a JSON object, for endpoints that take either.
    init(_ json: JSONObject) {
        pairs = json.elements.compactMap { name, value in
            (value.string ?? (value.int == nil ? nil : value.text())).map { (name, $0) }
        }
    }

    /// The first value of that name.
    subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }
}
