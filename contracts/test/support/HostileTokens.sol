// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// What all of them share: a supply for whoever makes them.
abstract contract Minted is ERC20 {
    constructor() ERC20("Hostile", "HOST") {
        _mint(msg.sender, 1e30);
    }
}

/// Keeps a hundredth of every transfer.
contract FeeToken is Minted {
    function _update(address from, address to, uint256 value) internal override {
        if (from == address(0)) return super._update(from, to, value);
        super._update(from, address(0xFEE), value / 100);
        super._update(from, to, value - value / 100);
    }
}

/// Takes a hundredth more from the sender than it was told to.
contract GreedyToken is Minted {
    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0) && from.code.length != 0) super._update(from, address(0xFEE), value / 100);
    }
}

/// Behaves until someone turns it: then it keeps `less` hundredths of every transfer, and takes `more` hundredths on
/// top from senders that are contracts.
contract TurningToken is Minted {
    uint256 private less;
    uint256 private more;

    function turn(uint256 less_, uint256 more_) external {
        (less, more) = (less_, more_);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (less != 0) super._update(to, address(0xFEE), value * less / 100);
        if (from.code.length != 0) super._update(from, address(0xFEE), value * more / 100);
    }
}

/// Refuses to move anything from or to listed accounts.
contract BlackListToken is Minted {
    mapping(address => bool) public listed;

    function list(address account) external {
        listed[account] = true;
    }

    function _update(address from, address to, uint256 value) internal override {
        require(!listed[from] && !listed[to], "listed");
        super._update(from, to, value);
    }
}

/// Says false instead of reverting.
contract FalseToken is Minted {
    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return false;
    }
}

/// Returns nothing at all from transfers, as some of the oldest tokens do.
contract NoReturnToken {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    constructor() {
        balanceOf[msg.sender] = 1e30;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// Lets the other party of a transfer act before the balances change, as ERC-777 hooks do.
contract CallingToken is Minted {
    address public hook;

    function setHook(address hook_) external {
        hook = hook_;
    }

    function _update(address from, address to, uint256 value) internal override {
        address target = hook;
        if (target != address(0)) {
            hook = address(0);
            Reentrant(target).called();
        }
        super._update(from, to, value);
    }
}

/// Acts on a contract from within a transfer of its own, and remembers whether it got through.
contract Reentrant {
    CallingToken private immutable token;
    address private immutable target;
    bytes private inner;
    bool public succeeded;

    constructor(CallingToken token_, address target_) {
        token = token_;
        target = target_;
        token_.approve(target_, type(uint256).max);
    }

    function run(bytes calldata outer, bytes calldata inner_) external returns (bool success) {
        inner = inner_;
        token.setHook(address(this));
        (success,) = target.call(outer);
    }

    function called() external {
        (succeeded,) = target.call(inner);
    }
}
