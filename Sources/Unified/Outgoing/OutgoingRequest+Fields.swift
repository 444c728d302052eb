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
        func add(_ name: HTTPField.Name, _ value: String) {
            if !fields.contains(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        if let contentType { add(.contentType, contentType) }
        add(.userAgent, "attache")
        add(.accept, "application/json, */*;q=0.5")
        // Without this field any encoding would be acceptable (RFC 9110 §12.5.3), and none is undone here.
        add(.acceptEncoding, "identity")
        return fields
    }
}
