import Orders
import Testing

@Suite struct OrderKeyTests {
    private let first = BusinessKey(orderNumber: "BOR-00611", customer: "BORN PRIMITIVE", style: "55012", colour: "ICE")

    @Test("a key depends on the business key and the occurrence alone")
    func mint() {
        let key = OrderKey.mint(businessKey: self.first.digest, occurrence: 1)
        #expect(key == OrderKey.mint(businessKey: self.first.digest, occurrence: 1))
        #expect(key != OrderKey.mint(businessKey: self.first.digest, occurrence: 2))
        let other = BusinessKey(orderNumber: "BOR-00611", customer: "BORN PRIMITIVE", style: "55012", colour: nil)
        #expect(key != OrderKey.mint(businessKey: other.digest, occurrence: 1))
    }

    @Test("a key is a UUID of version 8, and its text reads back")
    func form() throws {
        for occurrence in 1...200 {
            let key = OrderKey.mint(businessKey: self.first.digest, occurrence: occurrence)
            let text = Array(key.description)
            #expect(text[14] == "8")
            #expect("89ab".contains(text[19]))
            #expect(OrderKey(key.description) == key)
            #expect(OrderKey(key.description.uppercased()) == key)
        }
        #expect(OrderKey("no uuid") == nil)
    }

    @Test("the parts of a business key can't be mistaken for one another")
    func businessKeys() {
        let keys = [
            self.first,
            BusinessKey(orderNumber: "BOR-00611", customer: "BORN PRIMITIVE", style: "ICE", colour: "55012"),
            BusinessKey(orderNumber: "BOR-00611", customer: "BORN PRIMITIVE", style: nil, colour: "55012"),
            BusinessKey(orderNumber: "BOR-00611", customer: "BORN PRIMITIVE", style: "55012", colour: nil),
            BusinessKey(orderNumber: "BOR-00611", customer: "BORN PRIMITIVE", style: nil, colour: nil),
            BusinessKey(orderNumber: "BOR-00611B", customer: "ORN PRIMITIVE", style: nil, colour: nil),
        ]
        #expect(Set(keys.map(\.digest)).count == keys.count)
    }

    @Test("a digest survives its bytes and its hexadecimal text, and sorts as they do")
    func digests() throws {
        let digests = (1...50).map { BusinessKey(orderNumber: "\($0)", customer: "C", style: nil, colour: nil).digest }
        for digest in digests {
            #expect(Digest(bytes: digest.bytes) == digest)
            #expect(Digest(hexadecimal: digest.hexadecimal) == digest)
        }
        #expect(digests.sorted().map(\.hexadecimal) == digests.map(\.hexadecimal).sorted())
        #expect(Digest(bytes: [1, 2, 3]) == nil)
        #expect(Digest(hexadecimal: String(repeating: "g", count: 64)) == nil)
        #expect(Digest(hexadecimal: "ab") == nil)
    }

    @Test("a secret shows itself to none but who asks for it")
    func secret() {
        let secret = Secret("s3cret")
        #expect("\(secret) \(String(reflecting: secret)) \([secret])".contains("s3cret") == false)
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("s3cret"))
        #expect(secret.reveal() == "s3cret")
    }
}
