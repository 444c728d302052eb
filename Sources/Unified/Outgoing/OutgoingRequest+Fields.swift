import Catalog
import HTTPTypes
import Upstream

extension OutgoingRequest {
    var httpMethod: HTTPRequest.Method {
        get throws(APIError) {
            guard let method = HTTPRequest.Method(method) else {
                throw APIError(.mappingFailed, "\(self.method) is no HTTP method")
            }
            return method
        }
    }

    /// Fields that must not follow a redirect to another host.
    var credentialFields: Set<HTTPField.Name> { Set(authorization.map(\.name)) }

    /// The header fields as they are sent, the authorization's too.
    func fields(contentType: String?) -> HTTPFields {
        var fields = HTTPFields()
        fields.reserveCapacity(headers.count + authorization.count + 4)
        fields.replace(with: headers)
        fields.replace(with: authorization)
        if let contentType, !fields.contains(.contentType) {
            fields.append(HTTPField(name: .contentType, value: contentType))
        }
        fields.addMissing(Self.usualFields)
        return fields
    }

    /// What a request says where its definition says nothing else.
    private static let usualFields: HTTPFields = [
        .userAgent: "attache", .accept: "application/json, */*;q=0.5",
        // Without this field any encoding would be acceptable (RFC 9110 §12.5.3), and none is undone here.
        .acceptEncoding: "identity",
    ]
}
