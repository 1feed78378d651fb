package jcardsim.bridge.card;

import jcardsim.bridge.CardSpec;
import jcardsim.bridge.load.CardClassLoader;

/** The parts of this card. Static because hooks in the applet's code have nothing else to reach them by. */
public final class Card {
  public static final CardClassLoader LOADER = (CardClassLoader) Card.class.getClassLoader();
  public static final CardSpec SPEC = LOADER.spec();
  public static final Tally TALLY = new Tally();
  static final Faults FAULTS = new Faults();
  public static final Memory MEMORY = new Memory(SPEC.commitCapacity());
  public static final TransientArrays RAM = new TransientArrays();
  public static final Allocator ALLOCATOR = new Allocator(SPEC);
  public static final CardRandom RANDOM = new CardRandom();
  static final CardRuntime RUNTIME = new CardRuntime();

  private Card() {}
}
