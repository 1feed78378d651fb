package jcardsim.bridge.mutation;

import java.util.Objects;

/**
 * One change to one place of one class.
 *
 * @param owner internal name of the class, such as {@code demo/VaultApplet}
 * @param method name and descriptor, such as {@code process(Ljavacard/framework/APDU;)V}
 * @param at which instruction of the method, from 0; labels, lines and frames do not count
 * @param operator what is done to it
 * @param line source line, 0 where the class file has none
 */
public record Mutation(String owner, String method, int at, Operator operator, int line) {

  public Mutation {
    Objects.requireNonNull(owner);
    Objects.requireNonNull(method);
    Objects.requireNonNull(operator);
  }

  /** Names the mutation, such as {@code demo/VaultApplet.process(Ljavacard/framework/APDU;)V@17:NEGATE_CONDITION}. */
  public String id() {
    return owner + '.' + method + '@' + at + ':' + operator;
  }

  /** For people: {@code demo.VaultApplet.process, line 31: negates a condition}. */
  public String description() {
    return owner.replace('/', '.') + '.' + method.substring(0, method.indexOf('(')) + ", line " + line + ": " + operator.meaning();
  }

  /** Where an id points to; the line is unknown. @throws IllegalArgumentException if it is no id */
  static Mutation parse(String id) {
    int colon = id.lastIndexOf(':');
    int at = id.lastIndexOf('@', colon);
    int dot = id.indexOf('.');
    if (dot < 0 || at < dot || colon < at) {
      throw new IllegalArgumentException("not the id of a mutation: " + id);
    }
    int index = Integer.parseInt(id.substring(at + 1, colon));
    return new Mutation(id.substring(0, dot), id.substring(dot + 1, at), index, Operator.valueOf(id.substring(colon + 1)), 0);
  }
}
