package dev.genpt.lesson;

import static dev.genpt.show.Question.Choice.right;
import static dev.genpt.show.Question.Choice.wrong;

import dev.genpt.show.Question;
import java.util.List;

/** The questions of lesson 01, a table is a tree. */
final class TreeQuestions {
  static final List<Question> ALL =
      List.of(
          new Question(
              "page-frame",
              "The page at 0x40201000 is mapped to the frame at 0x12345000. The device asks for"
                  + " 0x40201234. Which part of that number comes out unchanged, and what follows?",
              List.of(
                  wrong(
                      "All of it. The IOMMU only says yes or no, so the page is the frame.",
                      "0x40201234 came out as 0x12345234: the page has a number in one space, the"
                          + " frame has another number in another space."),
                  right(
                      "The low 12 bits. A page and its frame have the same size, so a place inside"
                          + " the one is the same place inside the other.",
                      "The offset 0x234 is kept; only the number of the page is exchanged for the"
                          + " number of a frame."),
                  wrong(
                      "None of it. Every byte of the page can go anywhere.",
                      "There is one leaf for the whole page, and it holds one output address: all"
                          + " 4096 bytes move together."))),
          new Question(
              "one-to-one",
              "Two pages are mapped to the same frame. The device writes to the first page, then"
                  + " reads the second. What does it read, and what follows?",
              List.of(
                  wrong(
                      "Old data, since every page has memory of its own. So mapping a page takes"
                          + " up a frame.",
                      "A page is only a number in a table. Both leaves hold the same output"
                          + " address, so there is one memory behind both."),
                  wrong(
                      "Nothing. The second map is refused, because the frame is in use.",
                      "map refuses a page that is mapped already (EADDRINUSE). It never asks who"
                          + " else leads to the frame."),
                  right(
                      "What it has just written. So the number of mapped pages says nothing about"
                          + " the number of frames.",
                      "Pages and frames are counted apart: many pages can share a frame, and most"
                          + " frames have no page at all."))),
          new Question(
              "one-map",
              "The network card reaches frame 0x12345000 through input address 0x1000. The disk is"
                  + " in another domain. What does the disk reach through 0x1000, and what follows?",
              List.of(
                  right(
                      "Whatever its own table says, perhaps nothing. So an input address means"
                          + " nothing until you say whose it is.",
                      "Each domain has a root of its own; the hardware picks the root by the device"
                          + " that asks."),
                  wrong(
                      "The same frame, since the machine has one map. So the card could tell the"
                          + " disk its address.",
                      "The disk's walk starts at another root and never sees the card's table. That"
                          + " is what keeps the two apart."),
                  wrong(
                      "A fault, since 0x1000 is taken. So drivers must agree on who uses which"
                          + " address.",
                      "An input address is taken in one domain only; every domain has all of them"
                          + " for itself."))),
          new Question(
              "index-order",
              "In the toy table, address 0x1b000 has the index bits 01 10 11, from bit 17 down."
                  + " Which item of the root is read, and what follows?",
              List.of(
                  wrong(
                      "Item 3, the lowest bits first. So neighbouring pages begin in different"
                          + " items of the root.",
                      "That is the walk reversed: bits 13:12 pick the item of the last table. Read"
                          + " that way, 0x1b000 would be taken for 0x39000."),
                  right(
                      "Item 1, the highest bits first. So neighbouring pages share every table but,"
                          + " now and then, the last.",
                      "The root looks at the highest bits, 17:16, and each level at the next two;"
                          + " neighbours differ in the lowest bits only."),
                  wrong(
                      "Item 2, from bits 15:14. So the highest bits are for a table above the root.",
                      "That is one level off: there is no table above the root, and its own bits"
                          + " are the highest that are decoded, 17:16."))));

  private TreeQuestions() {}
}
