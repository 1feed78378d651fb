// Generation fails on a specification that cannot work, and says why.
import { expect } from 'chai';
import { checkSpec } from '../../apdu-specs/generator/checks/all.js';
import { doctored, expectRefused, named, spec } from './doctored.js';

describe('A specification is refused', () => {
  it('not as it is', () => {
    expect(() => {
      checkSpec(spec);
    }).not.to.throw();
  });

  describe('for what is there twice:', () => {
    it('a command', () => {
      expectRefused(({ commands }) => (named(commands, 'DEBIT').name = 'CREDIT'), /commands: CREDIT is there twice/);
    });
    it('a field', () => {
      expectRefused(
        ({ structures }) => (named(named(structures, 'record').fields, 'tn').name = 'nt'),
        /record: nt is there twice/,
      );
    });
    it('a value of an enumeration', () => {
      expectRefused(
        ({ enums }) => (named(named(enums, 'recordType').values, 'load').value = 1),
        /purchase and load have the same value 0x01/,
      );
    });
    it('a status word', () => {
      expectRefused(
        ({ statusWords }) => (named(statusWords, 'blocked').sw = 0x6985),
        /blocked and conditions are both 6985/,
      );
    });
    it('a unit code', () => {
      expectRefused(
        ({ parameters }) => (named(parameters.units, 'USD').code = 0x0978),
        /EUR and USD have the same code 0978/,
      );
    });
    it('a tag', () => {
      expectRefused(
        ({ tlv }) => (named(tlv.tags, 'agreePoint').tag = 0x86),
        /signPoint and agreePoint have the same tag 86/,
      );
    });
    it('a domain tag, so that nothing signed for one purpose serves another', () => {
      expectRefused(
        ({ structures }) => (named(structures, 'order').tag = 'EPC1'),
        /creditAuthorisation and order have the same domain tag EPC1/,
      );
    });
    it('a Java constant made of two different names', () => {
      expectRefused(({ enums }) => {
        enums.push({ name: 'command', doc: 'x', values: [{ name: 'DEBIT', value: 1, doc: 'x' }] });
      }, /two constants would be called COMMAND_DEBIT/);
    });
  });

  describe('for an instruction', () => {
    const withIns = (ins: number, message: RegExp): void => {
      expectRefused(({ commands }) => (named(commands, 'DEBIT').ins = ins), message);
    };
    it('that T=0 takes for a status word', () => {
      withIns(0x62, /DEBIT: INS 62 looks like a status word/);
      withIns(0x90, /DEBIT: INS 90 looks like a status word/);
    });
    it('that is odd', () => {
      withIns(0x55, /DEBIT: INS 55 is odd/);
    });
    it('that is GET RESPONSE', () => {
      withIns(0xc0, /DEBIT: INS C0 is GET RESPONSE/);
    });
    it('that another command of the class has, with the same P1 and P2', () => {
      withIns(0x52, /DEBIT and CREDIT have the same INS 52/);
      expectRefused(
        ({ commands }) => (named(commands, 'OPEN_SESSION_RESUMED').p1 = 0),
        /OPEN_SESSION_FULL and OPEN_SESSION_RESUMED/,
      );
    });
    it('that another command has whose P1 may be anything', () => {
      expectRefused(
        ({ commands }) => (named(commands, 'OPEN_SESSION_RESUMED').p1 = 'any'),
        /OPEN_SESSION_FULL and OPEN_SESSION_RESUMED/,
      );
    });
    it('but not when the classes differ', () => {
      expect(() => {
        checkSpec(doctored(({ commands }) => (named(commands, 'DEBIT').ins = 0x2a)));
      }).not.to.throw();
    });
  });

  describe('for a name that nothing defines:', () => {
    it('an enumeration of a field', () => {
      expectRefused(({ structures }) => {
        named(structures, 'record').fields[0] = { name: 'type', type: 'u8', enum: 'kind' };
      }, /record\.type: enum kind is not defined/);
    });
    it('an enumeration of P1', () => {
      expectRefused(({ commands }) => (named(commands, 'GET_PROOF').p1 = 'proofs'), /GET_PROOF: .*enum proofs/);
    });
    it('a structure', () => {
      expectRefused(({ structures }) => {
        named(structures, 'signedRecord').fields.push({ name: 'more', type: 'struct', of: 'recrod' });
      }, /signedRecord\.more: structure recrod is not defined/);
    });
    it('what a field may hold', () => {
      expectRefused(({ commands }) => {
        named(commands, 'GET_PROOF').response[0] = { name: 'body', type: 'rest', max: 237, holds: [['proof']] };
      }, /GET_PROOF response\.body: holds proof/);
    });
    it('a data object of a template', () => {
      expectRefused(
        ({ tlv }) => (tlv.templates['selectAnswer'] = ['fci', ['label']]),
        /template selectAnswer: data object label has no tag/,
      );
    });
    it('a status word or reason of a refusal', () => {
      expectRefused(
        ({ states }) => (states.moneyRefusals['unit'] = 'wrongUnit'),
        /status word wrongUnit is not defined/,
      );
      expectRefused(({ states }) => (states.moneyRefusals['weather'] = 'conditions'), /reason weather is not defined/);
    });
  });

  describe('for a layout that cannot be read back:', () => {
    it('a field to the end with another behind it', () => {
      expectRefused(({ commands }) => {
        named(commands, 'DEBIT').response.push({ name: 'more', type: 'u8' });
      }, /DEBIT response\.s3 runs to the end and is not the last field/);
    });
    it('the same through a structure within', () => {
      expectRefused(({ structures }) => {
        named(structures, 'signedRecord').fields.unshift({ name: 'who', type: 'struct', of: 'order' });
      }, /signedRecord\.who runs to the end/);
    });
    it('a list of items that run to the end', () => {
      expectRefused(({ structures }) => {
        named(structures, 'batch').fields.push({ name: 'orders', type: 'list', of: 'order', count: 'u8', max: 2 });
      }, /batch\.orders: the items of a list cannot run to the end/);
    });
    it('a template with the tag of a primitive object', () => {
      expectRefused(
        ({ tlv }) => (named(tlv.tags, 'publicKey').tag = 0x5f49),
        /publicKey: tag 5F49 is not that of a template/,
      );
    });
    it('a primitive object without a length', () => {
      expectRefused(
        ({ tlv }) => delete named(tlv.tags, 'serial').length,
        /serial: only a primitive object, and each of them/,
      );
    });
    it('a secret where no trace could mask it', () => {
      expectRefused(({ commands }) => {
        named(commands, 'DEBIT').response.push({ name: 'pin', type: 'bytes', length: 8, secret: true });
      }, /DEBIT response: a secret has no fixed place/);
    });
    it('life-cycle states and roles that are not one bit each', () => {
      expectRefused(
        ({ enums }) => (named(named(enums, 'lifeCycle').values, 'retired').value = 0x0c),
        /enum lifeCycle: must be raw 0x01/,
      );
      expectRefused(({ enums }) => named(enums, 'role').values.reverse(), /enum role: must be pos 0x01/);
    });
  });

  describe('for a hole in the states:', () => {
    it('a rule that is missing', () => {
      expectRefused(({ states }) => states.refusals.shift(), /refusals has no rule noKeys/);
    });
    it('a rule that is there twice, or a session state that is not described', () => {
      expectRefused(({ states }) => {
        states.refusals.push(...states.refusals.filter(({ rule }) => rule === 'wrongMac'));
      }, /refusals has the rule wrongMac twice/);
      expectRefused(({ states }) => states.sessions.pop(), /sessions has no resumed/);
    });
    it('a command outside a session without rules', () => {
      expectRefused(
        ({ states }) => delete states.plainCommands['OPEN_SESSION_FULL'],
        /plainCommands has no OPEN_SESSION_FULL/,
      );
    });
    it('a command that no cell allows', () => {
      expectRefused(
        ({ commands }) => (named(commands, 'DEBIT').allow = { pos: ['retired'] }),
        /matrix: DEBIT is allowed nowhere/,
      );
    });
    it('a life-cycle state that cannot be reached', () => {
      expectRefused(({ states }) => {
        states.unreachable.push({
          lifeCycles: ['retired'],
          sessions: ['none', 'presented', 'agreed', 'full', 'resumed'],
          why: 'x',
        });
      }, /matrix: a retired card cannot be reached/);
    });
    it('a reason that comes with no status word', () => {
      expectRefused(
        ({ states }) => delete states.moneyRefusals['cancelLimit'],
        /reason cancelLimit comes with no status word/,
      );
    });
  });
});
