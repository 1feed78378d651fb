package jcardsim.bridge;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What is needed to make one card: the applet, how it is installed, and the size of the chip. Immutable. */
public final class CardSpec {
  private final List<Path> appletClasspath;
  private final String appletClassName;
  private final byte[] appletAid;
  private final byte[] installParameters;
  private final byte[] cardSeed;
  private final int transientCapacity;
  private final int persistentCapacity;
  private final int commitCapacity;
  private final byte[] atr;
  private final Set<Strictness> strictness;
  private final List<ClassTransform> classTransforms;

  private CardSpec(Builder b) {
    appletClasspath = List.copyOf(b.appletClasspath);
    appletClassName = Objects.requireNonNull(b.appletClassName, "appletClassName");
    appletAid = Objects.requireNonNull(b.appletAid, "appletAid").clone();
    if (appletAid.length < 5 || appletAid.length > 16) {
      throw new IllegalArgumentException("an AID has 5 to 16 bytes (ISO 7816-4), this one " + appletAid.length);
    }
    installParameters = b.installParameters.clone();
    if (installParameters.length > 127) {
      throw new IllegalArgumentException("install parameters have at most 127 bytes, these " + installParameters.length);
    }
    cardSeed = b.cardSeed == null ? null : b.cardSeed.clone();
    if (cardSeed != null && cardSeed.length != 32) {
      throw new IllegalArgumentException("a card seed has 32 bytes, this one " + cardSeed.length);
    }
    transientCapacity = positive(b.transientCapacity, "transientCapacity");
    persistentCapacity = positive(b.persistentCapacity, "persistentCapacity");
    commitCapacity = positive(b.commitCapacity, "commitCapacity");
    atr = b.atr.clone();
    strictness = Collections.unmodifiableSet(copyOf(b.strictness));
    classTransforms = List.copyOf(b.classTransforms);
  }

  private static EnumSet<Strictness> copyOf(Set<Strictness> rules) {
    EnumSet<Strictness> copy = EnumSet.noneOf(Strictness.class);
    copy.addAll(rules);
    return copy;
  }

  private static int positive(int value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be above zero, is " + value);
    }
    return value;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Jars and class folders that hold the applet's classes, and only those. */
  public List<Path> appletClasspath() {
    return appletClasspath;
  }

  /** Fully qualified name of the class with {@code install(byte[], short, byte)}. */
  public String appletClassName() {
    return appletClassName;
  }

  /** Instance AID, 5 to 16 bytes (ISO 7816-4). */
  public byte[] appletAid() {
    return appletAid.clone();
  }

  /** Application-specific install parameters (the value of tag C9, GlobalPlatform Card Specification 11.5.2.3.7), 0 to 127 bytes. */
  public byte[] installParameters() {
    return installParameters.clone();
  }

  /** 32 bytes that make the random generator repeatable, for tests; {@code null} for entropy of the operating system. */
  public byte[] cardSeed() {
    return cardSeed == null ? null : cardSeed.clone();
  }

  /** Bytes of RAM for transient arrays and transient keys. */
  public int transientCapacity() {
    return transientCapacity;
  }

  /** Bytes of non-volatile memory for objects. */
  public int persistentCapacity() {
    return persistentCapacity;
  }

  /** Bytes of old data one transaction may hold before {@code TransactionException.BUFFER_FULL}. */
  public int commitCapacity() {
    return commitCapacity;
  }

  /** Answer to reset (ISO 7816-3). */
  public byte[] atr() {
    return atr.clone();
  }

  public Set<Strictness> strictness() {
    return strictness;
  }

  public boolean isStrict(Strictness rule) {
    return strictness.contains(rule);
  }

  /** Extra steps for the applet's classes; empty by default. */
  public List<ClassTransform> classTransforms() {
    return classTransforms;
  }

  /** A builder that starts from this card's values. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.appletClasspath.addAll(appletClasspath);
    b.appletClassName = appletClassName;
    b.appletAid = appletAid;
    b.installParameters = installParameters;
    b.cardSeed = cardSeed;
    b.transientCapacity = transientCapacity;
    b.persistentCapacity = persistentCapacity;
    b.commitCapacity = commitCapacity;
    b.atr = atr;
    b.strictness.clear();
    b.strictness.addAll(strictness);
    b.classTransforms.addAll(classTransforms);
    return b;
  }

  /** Collects the values; only class path, class name and AID are required. */
  public static final class Builder {
    /** A T=1 card with one historical byte string "jcsim". TCK included. */
    private static final byte[] DEFAULT_ATR = {
      0x3B, (byte) 0x85, (byte) 0x80, 0x01, 'j', 'c', 's', 'i', 'm', 'j' ^ 'c' ^ 's' ^ 'i' ^ 'm' ^ 0x85 ^ 0x80 ^ 0x01
    };

    private final List<Path> appletClasspath = new ArrayList<>();
    private String appletClassName;
    private byte[] appletAid;
    private byte[] installParameters = {};
    private byte[] cardSeed;
    private int transientCapacity = 4096;
    private int persistentCapacity = 65536;
    private int commitCapacity = 512;
    private byte[] atr = DEFAULT_ATR;
    private final Set<Strictness> strictness = EnumSet.allOf(Strictness.class);
    private final List<ClassTransform> classTransforms = new ArrayList<>();

    private Builder() {}

    /** Adds one jar or folder of classes. */
    public Builder appletClasspath(Path jarOrFolder) {
      appletClasspath.add(Objects.requireNonNull(jarOrFolder));
      return this;
    }

    public Builder appletClassName(String name) {
      appletClassName = name;
      return this;
    }

    /** Instance AID, 5 to 16 bytes. */
    public Builder appletAid(byte[] aid) {
      appletAid = aid.clone();
      return this;
    }

    /** Application-specific install parameters, 0 to 127 bytes. */
    public Builder installParameters(byte[] parameters) {
      installParameters = parameters.clone();
      return this;
    }

    /** 32 bytes for a repeatable generator; {@code null} for real entropy. */
    public Builder cardSeed(byte[] seed) {
      cardSeed = seed == null ? null : seed.clone();
      return this;
    }

    /** Bytes; default 4096. */
    public Builder transientCapacity(int bytes) {
      transientCapacity = bytes;
      return this;
    }

    /** Bytes; default 65536. */
    public Builder persistentCapacity(int bytes) {
      persistentCapacity = bytes;
      return this;
    }

    /** Bytes; default 512. */
    public Builder commitCapacity(int bytes) {
      commitCapacity = bytes;
      return this;
    }

    public Builder atr(byte[] answerToReset) {
      atr = answerToReset.clone();
      return this;
    }

    /** Switches one rule off. */
    public Builder tolerate(Strictness rule) {
      strictness.remove(rule);
      return this;
    }

    public Builder classTransform(ClassTransform transform) {
      classTransforms.add(Objects.requireNonNull(transform));
      return this;
    }

    /**
     * @throws NullPointerException without class name or AID
     * @throws IllegalArgumentException for a value out of range
     */
    public CardSpec build() {
      if (appletClasspath.isEmpty()) {
        throw new IllegalArgumentException("the applet's class path is empty");
      }
      return new CardSpec(this);
    }
  }
}
