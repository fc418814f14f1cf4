// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// A contract account: one owner signs for it and sends batches through it.
contract OwnedWallet {
    struct Call {
        address to;
        bytes data;
    }

    address public immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    /// Sends several calls, all or none.
    function execute(Call[] calldata calls) external {
        require(msg.sender == owner, "not the owner");
        for (uint256 i = 0; i < calls.length; i++) {
            (bool ok, bytes memory answer) = calls[i].to.call(calls[i].data);
            if (!ok) {
                assembly ("memory-safe") {
                    revert(add(answer, 0x20), mload(answer))
                }
            }
        }
    }

    /// ERC-1271, for compact signatures (EIP-2098) of the owner.
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        if (signature.length != 64) return 0;
        bytes32 vs = bytes32(signature[32:]);
        bytes32 s = vs & bytes32(uint256(type(int256).max));
        uint8 v = 27 + uint8(uint256(vs) >> 255);
        address signer = ecrecover(digest, v, bytes32(signature[:32]), s);
        return signer != address(0) && signer == owner ? bytes4(0x1626ba7e) : bytes4(0);
    }
}

/// A token as some old ones are: no permit, nothing returned, and an allowance changes only from or to zero.
contract PlainToken {
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    constructor() {
        balanceOf[msg.sender] = 1e30;
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function approve(address spender, uint256 amount) external {
        require(amount == 0 || allowance[msg.sender][spender] == 0, "set it to zero first");
        allowance[msg.sender][spender] = amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }

    function _approve(address owner, address spender, uint256 amount) internal {
        allowance[owner][spender] = amount;
    }
}

/// A token with permits that does not tell its EIP-712 domain (ERC-5267), only that domain's hash.
contract OldPermitToken is PlainToken {
    string public constant name = "Old Permit";
    string public constant version = "2";
    bytes32 public immutable DOMAIN_SEPARATOR;
    mapping(address owner => uint256) public nonces;

    constructor() {
        DOMAIN_SEPARATOR = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                block.chainid,
                address(this)
            )
        );
    }

    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
    {
        require(block.timestamp <= deadline, "too late");
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 struct_ = keccak256(abi.encode(typeHash, owner, spender, value, nonces[owner]++, deadline));
        address signer = ecrecover(keccak256(abi.encodePacked("\x19\x01", DOMAIN_SEPARATOR, struct_)), v, r, s);
        require(signer != address(0) && signer == owner, "not signed by the owner");
        _approve(owner, spender, value);
    }
}

/// A token that claims permits and does nothing with them.
contract HollowPermitToken is PlainToken {
    string public constant name = "Hollow Permit";
    bytes32 public immutable DOMAIN_SEPARATOR;

    constructor() {
        DOMAIN_SEPARATOR = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                address(this)
            )
        );
    }

    function nonces(address) external pure returns (uint256) {
        return 0;
    }

    function permit(address, address, uint256, uint256, uint8, bytes32, bytes32) external {}
}
