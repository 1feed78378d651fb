package jcardsim.bridge.internal;

import java.util.List;
import java.util.Set;
import jcardsim.bridge.AppletFault;
import jcardsim.bridge.MemoryReport;

/** The card side, which lives in a class loader of its own, as the host side sees it. */
public interface CardCore {
  /** Runs the applet's install; false if power was lost on the way. */
  boolean install();

  boolean isInstalled();

  void powerOn();

  void reset();

  void powerOff();

  boolean isPowered();

  /** The answer, or {@code null} if power was lost. */
  byte[] transmit(byte[] command);

  void cutPowerAt(int write);

  void disarm();

  /** Persistent writes done by the last command or install. */
  int lastWrites();

  Object snapshot();

  void restore(Object snapshot);

  byte[] saveImage();

  void loadImage(byte[] image);

  long persistentVersion();

  String persistentDump(Set<String> leftOut);

  String persistentDumpWithTries(Set<String> leftOut);

  String transientDump();

  /** Figures by {@code Counters.Item} ordinal. */
  long[] lastCommand();

  long[] sinceMark();

  void mark();

  MemoryReport memory();

  List<AppletFault> faults();
}
