package jcardsim.bridge.link;

import static jcardsim.bridge.link.LinkException.Code.READER_OCCUPIED;
import static jcardsim.bridge.link.LinkException.Code.READER_UNREACHABLE;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/**
 * A card lying in a virtual PC/SC reader: TCP client of vsmartcard's vpcd driver.
 *
 * <p>Frame: length u16 (big-endian), body. A body of one byte is control: 0 power off, 1 power on, 2 reset, 4 get ATR
 * (answered with the ATR); any other body is an APDU, answered with the response. Closing the connection takes the card
 * out of the reader.
 *
 * <p>The driver writes length and body separately, so its Nagle waits for our acknowledgement, which Linux delays by 40
 * ms. TCP_QUICKACK turns the delay off, but only until the kernel thinks better of it: it is set before every read.
 *
 * <p>pcscd asks for the ATR every 400 ms to learn whether a card is there. A card that comes back, or another one that
 * comes, between two such questions is taken for the one that left and never gets power. So a reader that a card of this
 * process has just left is given the time to notice. A card that is taken for another all the same leaves once more, at the
 * next question and without an answer, and comes again; several times if need be.
 */
final class VpcdLink {
  /** How a stay in the reader ended. */
  enum End {
    /** Taken out on request, between two commands. */
    EJECTED,
    /** Pulled out on request, whatever the card was doing. */
    YANKED,
    /** The card lost power in a command (a power cut that was asked for). */
    POWER_LOST,
    /** The reader went away: pcscd was stopped, or the connection broke. */
    READER_GONE,
    /** The card could not go on: its image could not be saved, or a defect. */
    CARD_FAILED
  }

  /** What the reader asks of the card. */
  interface Inserted {
    byte[] atr();

    void powerOn();

    void reset();

    void powerOff();

    /** Whatever it throws ends the stay in the reader. */
    byte[] transmit(byte[] apdu);

    /** Called once, when the card is out of the reader. */
    void ended(End end);
  }

  private static final int POWER_OFF = 0;
  private static final int POWER_ON = 1;
  private static final int RESET = 2;
  private static final int GET_ATR = 4;
  private static final int MAX_BODY = 0xFFFF;
  private static final int CONNECT_MILLISECONDS = 5000;
  /** Two questions of pcscd: it skips one when a program has just let go of the card (measured with 1.9.9). */
  private static final int NOTICE_MILLISECONDS = 850;
  private static final int SEEN_MILLISECONDS = 2500;
  /** A card that was noticed is asked for its ATR twice and gets power at once, long before the next question. */
  private static final int POWER_MILLISECONDS = 200;
  /** One is enough when the question left unanswered was pcscd's own, not that of a program that still held the old card. */
  private static final int RETURNS = 5;
  private static final boolean QUICK_ACK = new Socket().supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK);

  /** When a card last left each reader, by {@link System#nanoTime()}. */
  private static final Map<InetSocketAddress, Long> LEFT = new ConcurrentHashMap<>();

  private final Inserted card;
  private final InetSocketAddress reader;
  private final Thread thread;
  /** Held from a frame's arrival to its answer. */
  private final Object exchange = new Object();
  private final CountDownLatch seen = new CountDownLatch(1);
  private volatile Socket socket;
  private volatile End asked;

  private VpcdLink(Inserted card, InetSocketAddress reader, Socket socket) {
    this.card = card;
    this.reader = reader;
    this.socket = socket;
    this.thread = new Thread(this::run, "vpcd-" + reader.getPort());
    this.thread.setDaemon(true);
  }

  /**
   * Puts a card into the reader.
   *
   * @throws LinkException READER_UNREACHABLE when nothing listens there, READER_OCCUPIED when nobody answers there
   */
  static VpcdLink insert(Inserted card, String host, int port) {
    try {
      InetSocketAddress reader = new InetSocketAddress(host, port);
      letItNotice(reader);
      VpcdLink link = new VpcdLink(card, reader, connect(reader));
      link.thread.start();
      return link;
    } catch (SocketTimeoutException e) {
      // vpcd takes one connection and lets a few more queue; those beyond are never answered
      throw new LinkException(READER_OCCUPIED, "The virtual reader at " + host + ":" + port
          + " has another card in it, or does not answer.", e);
    } catch (IOException | IllegalArgumentException e) {
      throw new LinkException(READER_UNREACHABLE,
          "No virtual reader at " + host + ":" + port + " (is pcscd running with vpcd?): " + e.getMessage() + ".", e);
    }
  }

  private static void letItNotice(InetSocketAddress reader) {
    Long left = LEFT.get(reader);
    if (left == null) {
      return;
    }
    try {
      TimeUnit.MILLISECONDS.sleep(NOTICE_MILLISECONDS - millisecondsSince(left));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Socket connect(InetSocketAddress reader) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(reader, CONNECT_MILLISECONDS);
      return socket;
    } catch (IOException e) {
      close(socket);
      throw e;
    }
  }

  /** Waits until the reader has asked something; false when it does not: it has another card, which hides this one. */
  boolean awaitSeen() {
    try {
      return seen.await(SEEN_MILLISECONDS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Takes the card out between two commands: one that is running is finished and answered first. */
  void eject() {
    synchronized (exchange) {
      leave(End.EJECTED);
    }
    awaitEnd();
  }

  /** Pulls the card out, in the middle of a command if one is running: its answer never reaches the reader. */
  void yank() {
    leave(End.YANKED);
    awaitEnd();
  }

  private void leave(End how) {
    asked = how;
    close(socket);
  }

  private void awaitEnd() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    End end = stay();
    close(socket);
    LEFT.put(reader, System.nanoTime());
    try {
      card.powerOff();
    } catch (RuntimeException e) {
      end = failed(e);
    } finally {
      seen.countDown();
      card.ended(asked != null ? asked : end);
    }
  }

  private End stay() {
    try {
      for (int again = RETURNS; again > 0 && asked == null; again--) {
        serve(false);
        close(socket);
        socket = connect(reader);
      }
      if (asked == null) {
        serve(true);
      }
      return End.READER_GONE;
    } catch (IOException e) {
      return End.READER_GONE;
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  /** Answers the reader; returns only when it takes this card for the one before and has to be shown that it is not. */
  private void serve(boolean taken) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    OutputStream out = socket.getOutputStream();
    boolean noticed = taken;
    long first = 0;
    for (;;) {
      byte[] body = readFrame(in);
      first = first == 0 ? System.nanoTime() : first;
      seen.countDown();
      noticed |= isControl(body, POWER_ON);
      if (!noticed && !(isControl(body, GET_ATR) && millisecondsSince(first) < POWER_MILLISECONDS)) {
        return;
      }
      synchronized (exchange) {
        byte[] answer = answer(body);
        if (answer.length > 0) {
          writeFrame(out, answer);
        }
      }
    }
  }

  private static End failed(RuntimeException thrown) {
    LinkException failure = Failures.of(thrown);
    if (failure.code() == LinkException.Code.POWER_LOST) {
      return End.POWER_LOST;
    }
    failure.printStackTrace();
    return End.CARD_FAILED;
  }

  private static long millisecondsSince(long nanoTime) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
  }

  private static boolean isControl(byte[] body, int code) {
    return body.length == 1 && body[0] == code;
  }

  private byte[] answer(byte[] body) {
    if (body.length != 1) {
      return card.transmit(body);
    }
    switch (body[0]) {
      case POWER_OFF -> card.powerOff();
      case POWER_ON -> card.powerOn();
      case RESET -> card.reset();
      case GET_ATR -> {
        return card.atr();
      }
      default -> { } // the driver defines no other; it expects no answer to control
    }
    return new byte[0];
  }

  private byte[] readFrame(DataInputStream in) throws IOException {
    acknowledgeAtOnce();
    int length = in.readUnsignedShort();
    acknowledgeAtOnce();
    byte[] body = new byte[length];
    in.readFully(body);
    return body;
  }

  private void acknowledgeAtOnce() throws IOException {
    if (QUICK_ACK) {
      socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
    }
  }

  private static void writeFrame(OutputStream out, byte[] body) throws IOException {
    if (body.length > MAX_BODY) {
      throw new IOException("an answer of " + body.length + " bytes does not fit a frame");
    }
    byte[] frame = new byte[2 + body.length];
    frame[0] = (byte) (body.length >>> 8);
    frame[1] = (byte) body.length;
    System.arraycopy(body, 0, frame, 2, body.length);
    out.write(frame);
    out.flush();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException ignored) {
      // it is gone either way
    }
  }
}
