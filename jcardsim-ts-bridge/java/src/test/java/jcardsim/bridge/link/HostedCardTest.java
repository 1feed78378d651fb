package jcardsim.bridge.link;

import static jcardsim.bridge.link.LinkException.Code.CARD_OFF;
import static jcardsim.bridge.link.LinkException.Code.IMAGE_FAILED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jcardsim.bridge.CardSpec;
import jcardsim.bridge.SimulatedCard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A card and its image file")
class HostedCardTest {
  private static final byte[] AID = {(byte) 0xF0, 0, 0, 0, 1, 2};
  private static final byte[] SELECT = {0, (byte) 0xA4, 4, 0, 6, (byte) 0xF0, 0, 0, 0, 1, 2};
  private static final byte[] COUNT = {(byte) 0x80, 0x10, 0, 0};
  private static final byte[] TELL = {(byte) 0x80, 0x12, 0, 0};
  private static final byte[] ONE = {0, 1, (byte) 0x90, 0};

  @TempDir
  Path folder;

  private Path path;
  private CardSpec spec;
  private ImageFile file;
  private HostedCard card;

  @BeforeEach
  void create() throws IOException {
    spec = CardSpec.builder().appletClasspath(appletFolder()).appletClassName("toy.CountApplet").appletAid(AID).build();
    path = folder.resolve("a.card");
    file = ImageFile.create(path);
    card = new HostedCard(SimulatedCard.create(spec), file, false);
    card.changeOutsideReader(SimulatedCard::powerOn);
    card.transmit(SELECT);
  }

  @AfterEach
  void close() {
    card.close();
  }

  @Test
  @DisplayName("are saved together before the answer, and left alone by a command that changes nothing")
  void saves() throws IOException {
    card.transmit(TELL);
    byte[] before = Files.readAllBytes(path);
    card.transmit(TELL);
    assertArrayEquals(before, Files.readAllBytes(path));
    assertArrayEquals(ONE, card.transmit(COUNT));
    byte[] after = Files.readAllBytes(path);
    assertFalse(Arrays.equals(before, after));
    byte[] image = card.change(SimulatedCard::saveImage);
    assertTrue(contains(after, image), "the state on disk is the card's");
  }

  @Test
  @DisplayName("stop for good when the state cannot be saved: no answer leaves then")
  void stops() {
    file.close();
    refused(IMAGE_FAILED, () -> card.transmit(COUNT));
    refused(IMAGE_FAILED, () -> card.transmit(TELL));
    refused(IMAGE_FAILED, () -> card.changeOutsideReader(SimulatedCard::powerOn));
    card.close();
    try (ImageFile again = ImageFile.open(path); SimulatedCard old = SimulatedCard.open(again.load(), spec)) {
      old.powerOn();
      old.transmit(SELECT);
      assertArrayEquals(ONE, old.transmit(COUNT), "the command that was not answered is not there");
    }
    file = ImageFile.create(folder.resolve("b.card"));
    card = new HostedCard(SimulatedCard.create(spec), file, false);
  }

  @Test
  @DisplayName("save a list of commands once, also when power is missing half-way")
  void lists() {
    List<byte[]> answers = new ArrayList<>();
    card.transmitAll(List.of(COUNT, COUNT), answers::add);
    assertEquals(2, answers.size());
    card.changeOutsideReader(c -> {
      c.powerOff();
      return null;
    });
    refused(CARD_OFF, () -> card.transmitAll(List.of(COUNT), answers::add));
    assertEquals(2, answers.size());
  }

  private static void refused(LinkException.Code code, Executable action) {
    assertEquals(code, assertThrows(LinkException.class, action).code());
  }

  private static boolean contains(byte[] whole, byte[] part) {
    for (int at = 0; at + part.length <= whole.length; at++) {
      if (Arrays.equals(whole, at, at + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }

  /** A class folder with the applet alone. */
  private Path appletFolder() throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes/toy"));
    try (InputStream in = getClass().getResourceAsStream("/toy/CountApplet.class")) {
      Files.copy(in, classes.resolve("CountApplet.class"));
    }
    return folder.resolve("classes");
  }
}
